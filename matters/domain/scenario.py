"""Scenarios (试办场景): short plays of a case under a frozen clock, written so that an editor reads and writes them.

    从 2026-02-13 16:00 起，在乡镇提交
    收件
    等 1 个工作日，受理，应为：在办、到期按承诺
    等 99 个工作日，看，应为：红灯

A play has no other effect than its verdict: supervision.actions.try_out runs it and takes everything back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from halls.domain.errors import Invalid, Problem
from halls.domain.moments import SHANGHAI
from halls.domain.plain_text import CURE, hidden_sign

LEVELS = {"村": "village", "乡镇": "township", "县": "county"}
# What may be done, in words; the code names a verb of the lifecycle or one of the moves of a play.
ACTS: dict[str, str] = {
    "提交": "submit",
    "收件": "receive",
    "受理": "accept",
    "一次性告知": "request_correction",
    "补正完成": "supply",
    "不予受理": "decline",
    "办结本环节": "pass_on",
    "启动特别程序": "suspend",
    "结束特别程序": "resume",
    "准予": "grant",
    "不予批准": "refuse",
    "制作结果": "make_result",
    "送达": "deliver",
    "撤回申请": "withdraw",
    "视为受理": "deem_accepted",
    "一路办到特别程序": "until_special",
    "一路办到决定": "until_decision",
    "一路办到送达": "until_delivered",
    "由受理人决定": "decide_alone",
    "决定岗位无人": "vacate",
    "等到到期": "wait_until_due",
    "看": "look",
}
# What may be expected: a status in words, a light, or one of these.
STATUSES = {
    "草稿": "draft", "已提交": "submitted", "收件": "received", "补正中": "correcting", "不予受理": "declined",
    "在办": "in_progress", "挂起": "suspended", "准予": "granted", "不予批准": "refused", "待领取": "ready",
    "已送达": "delivered", "已撤回": "withdrawn",
}  # fmt: skip
LIGHTS = {"绿灯": "green", "黄灯": "yellow", "红灯": "red"}
OTHERS = {
    "到期按承诺": "due_as_promised",
    "停表": "no_due",
    "没有超期": "in_time",
    "不允许": "refused",
    "有人接办": "somebody",
    "当天办结": "same_day",
    "文书写明救济": "remedies",
}
EXPECTATIONS = frozenset((*STATUSES, *LIGHTS, *OTHERS))
MAX_LINES, MAX_CHARACTERS, MAX_WAIT = 60, 4000, 500
_FIRST = re.compile(r"从\s*(\d{4}-\d{1,2}-\d{1,2})\s+(\d{1,2}:\d{2})\s*起[，,]\s*在(村|乡镇|县)提交")
_WAIT = re.compile(r"等\s*(\d{1,4})\s*个工作日[，,]\s*")
_EXPECT = re.compile(r"[，,]?\s*应为[：:]\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: wait so many working days, do something, then look. `expects` are words of EXPECTATIONS."""

    wait: int
    act: str
    expects: tuple[str, ...] = ()

    def __str__(self) -> str:
        word = next(word for word, code in ACTS.items() if code == self.act)
        waits = f"等 {self.wait} 个工作日，" if self.wait else ""
        return f"{waits}{word}" + (f"，应为：{'、'.join(self.expects)}" if self.expects else "")


@dataclass(frozen=True, slots=True)
class Scenario:
    """`start` is when the case is filed, `level` where; `branch` names what it is about (holiday, pause ...)."""

    name: str
    start: datetime
    level: str
    lines: tuple[Line, ...]
    branch: str = "own"

    def __str__(self) -> str:
        where = next(word for word, code in LEVELS.items() if code == self.level)
        first = f"从 {self.start:%Y-%m-%d %H:%M} 起，在{where}提交"
        return "\n".join([first, *map(str, self.lines)])


def read_scenario(name: str, text: str) -> Scenario:
    """Read a scenario as it is written. Raises Invalid with every line that is not understood, and its cure."""
    name = name.strip()
    problems: list[Problem] = []
    if not 1 <= len(name) <= 60:
        problems.append(Problem("name", "场景名应为 1 到 60 个字。", "例如：春节前受理。"))
    if len(text) > MAX_CHARACTERS:
        raise Invalid("scenario_too_long", "场景太长。", field="text", cure=f"请精简到 {MAX_CHARACTERS} 字以内。")
    for field, said in (("name", name), ("text", text)):
        if hidden := hidden_sign(said):
            problems.append(Problem(field, f"场景里有看不见的字符（{hidden}）。", CURE))
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    start, level = _first(rows[0] if rows else "", problems)
    lines = [_line(number, row, problems) for number, row in enumerate(rows[1 : MAX_LINES + 1], start=2)]
    if len(rows) > MAX_LINES + 1:
        problems.append(Problem("text", f"场景超过 {MAX_LINES} 行。", "请拆成几个场景。"))
    if rows and not any(line.expects for line in lines if line):
        problems.append(Problem("text", "没有写明应为什么，这个场景不可能不通过。", "请在末行写“，应为：已送达”等。"))
    if problems or start is None:
        raise Invalid("scenario_unclear", "场景没有看懂。", field="text", problems=tuple(problems))
    return Scenario(name, start, level, tuple(line for line in lines if line is not None))


def _first(row: str, problems: list[Problem]) -> tuple[datetime | None, str]:
    found = _FIRST.fullmatch(row)
    cure = "第一行请写：从 2026-03-02 10:00 起，在村提交。"
    if found is None:
        problems.append(Problem("text", "第 1 行没有写明何时、在哪一级提交。", cure))
        return None, ""
    day, clock, where = found.groups()
    try:
        moment = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        problems.append(Problem("text", f"第 1 行没有 {day} {clock} 这个时间。", cure))
        return None, ""
    if not 2018 <= moment.year <= 2100:
        problems.append(Problem("text", f"第 1 行的 {moment.year} 年不在工作日历里。", cure))
    return moment, LEVELS[where]


def _line(number: int, row: str, problems: list[Problem]) -> Line | None:
    waited = _WAIT.match(row)
    wait = int(waited.group(1)) if waited else 0
    act, *expected = _EXPECT.split(row[waited.end() :] if waited else row, maxsplit=1)
    act = act.strip(" ，,。")
    expects = tuple(word.strip(" 。") for word in re.split("[、,，]", expected[0])) if expected else ()
    before = len(problems)
    if wait > MAX_WAIT:
        problems.append(Problem("text", f"第 {number} 行等得太久。", f"最多等 {MAX_WAIT} 个工作日。"))
    if act not in ACTS:
        problems.append(Problem("text", f"第 {number} 行不认识“{act[:20]}”。", f"请用其中之一：{'、'.join(ACTS)}。"))
    unknown = [word for word in expects if word not in EXPECTATIONS]
    if unknown:
        known = "、".join((*STATUSES, *LIGHTS, *OTHERS))
        problems.append(Problem("text", f"第 {number} 行不认识期望“{unknown[0][:20]}”。", f"请用其中之一：{known}。"))
    return Line(wait, ACTS[act], expects) if len(problems) == before else None
