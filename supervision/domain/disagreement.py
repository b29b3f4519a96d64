"""What a nightly proof found different, in words that a person can act on. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from applications.domain.lifecycle import STATUS_LABELS, Status
from applications.domain.lights import COLOUR_LABELS, Colour
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.domain.moments import SHANGHAI

THINGS: Final[Mapping[str, str]] = {
    "due_at": "到期日",
    "is_provisional": "暂算标记",
    "warn_at": "预警时间",
    "yellow_at": "黄牌时间",
    "red_at": "红牌时间",
    "late_at": "最早到期的时限",
    "paused_until": "恢复计时的日期",
    "stopped_at": "停止时间",
    "next_action_at": "下次巡检的时间",
    "light": "灯",
    "deem_accepted": "视为受理",
    "card": "预警或红黄牌",
    "told": "告知",
}
LEVELS: Final[Mapping[str, str]] = {"warning": "预警", "yellow": "黄牌", "red": "红牌"}
_BY_THE_SWEEP: Final = frozenset({"deem_accepted", "card", "told", "next_action_at"})


def things(found: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return what disagrees and how often, the most frequent first: [("到期日", 3), ("灯", 1)]."""
    counted = Counter(THINGS.get(_kind(one), "其他") for one in found)
    return counted.most_common()


def sentence(one: Mapping[str, Any]) -> str:
    """Say one difference (a Difference.as_dict) without its number: 承诺时限的到期日存的是…，按事实应为….

    What it does not know it repeats: an older proof may have found what is not looked for any more.
    """
    kind, level = _kind(one), LEVELS.get(str(one["field"]).rpartition(" ")[2], "")
    clock = _clock(str(one.get("clock", "")))
    stored, proved = _value(kind, one["stored"]), _value(kind, one["proved"])
    if kind == "card":
        return f"{clock}{proved}就该登记{level}，没有登记。"
    if kind == "told":
        return f"{clock}的{LEVELS.get(str(one['proved']), level)}已经登记，却没有告知任何人，也不在待告知之列。"
    if kind == "deem_accepted":
        return f"{clock}{proved}已届满，依法视为受理，没有登记，现在是“{stored}”。"
    thing = THINGS.get(kind, str(one["field"]))
    return f"{f'{clock}的' if clock else ''}{thing}存的是{stored}，按事实应为{proved}。"


def cures(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what to do, in the order in which it is to be done; nothing without a difference."""
    kinds = {_kind(one) for one in found}
    if not kinds:
        return []
    steps = ["先打开办件，看时限说明单和办理记录；运行 manage.py verify_ledger，查有没有人改动过数据库。"]
    if kinds & _BY_THE_SWEEP:
        steps.append("没有登记、没有告知的由巡检补做：看上面的巡检是不是停了，或有办件未能办理。")
    if kinds - _BY_THE_SWEEP:
        steps.append("日期和灯不符的，运行 manage.py settle_calendar --again 按现行日历重算。")
    return [*steps, "做完后运行 manage.py prove_lights 再核对一遍；仍有不符的，连同本页告诉系统维护单位。"]


def _kind(one: Mapping[str, Any]) -> str:
    return str(one["field"]).partition(" ")[0]


def _clock(kind: str) -> str:
    return CLOCK_LABELS[ClockKind(kind)] if kind in tuple(ClockKind) else kind


def _value(kind: str, value: Any) -> str:
    text = str(value)
    if kind == "is_provisional":
        return {"True": "暂算", "False": "确定"}.get(text, text)
    if text in ("None", ""):
        return "空"
    if kind == "light":
        return COLOUR_LABELS[Colour(text)] if text in tuple(Colour) else text
    if text in tuple(Status):
        return STATUS_LABELS[Status(text)][0]
    try:
        return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
    except ValueError:
        return text
