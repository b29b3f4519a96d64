"""Single days that the county itself adds to the year's notice or takes from it, by a document of its own.

What the State Council's notice makes a holiday stays one: the days on which everybody is off are fixed for the whole
country (全国年节及纪念日放假办法 第二条), the notice only says when they fall and which weekends they join. Left to a
place are days off of its own (the festivals of minorities, 第四条; a 县庆) and the weekends worked instead. So no line
needs a lunar calendar to be judged: whatever the notice has off is out of the county's reach.

One day on a line, the name behind it: 2026-03-06 放假 县庆 / 2026-03-07 上班 县庆调休 / 2026-05-09 取消 防汛.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from halls.domain.calendar import WEEKDAYS, DayKind, fixed_holidays
from halls.domain.calendar_file import DOCUMENT_LENGTH, NAME_LENGTH, ArrangedDay, Arrangement
from halls.domain.citation import has_number
from halls.domain.errors import Invalid, Problem

MOST_DAYS: Final = 60


class CountyKind(StrEnum):
    """What the county makes of a day; `plain`: as in any week, whatever was ordered for it."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    PLAIN = "plain"


WORDS: Final = {"放假": CountyKind.HOLIDAY, "上班": CountyKind.MAKEUP, "取消": CountyKind.PLAIN}
_LINE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\S+)\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class CountyDay:
    date: date
    kind: CountyKind
    name: str


@dataclass(frozen=True, slots=True)
class CountyDays:
    """One document of the county; `days` ascend."""

    document_no: str
    days: tuple[CountyDay, ...]

    def as_dict(self) -> dict[str, object]:
        days = [{"date": day.date.isoformat(), "kind": day.kind.value, "name": day.name} for day in self.days]
        return {"document_no": self.document_no, "days": days}


def county_days_of(content: Mapping[str, object]) -> CountyDays:
    """Return what `as_dict` wrote."""
    rows = content["days"]
    assert isinstance(rows, list)
    days = (CountyDay(date.fromisoformat(row["date"]), CountyKind(row["kind"]), row["name"]) for row in rows)
    return CountyDays(str(content["document_no"]), tuple(days))


def state_holidays(state: Arrangement) -> frozenset[date]:
    """Return the days that the State's notice makes holidays, and those that are so without one."""
    fixed = fixed_holidays(state.year)
    return frozenset(day.date for day in state.days if day.kind is DayKind.HOLIDAY) | fixed.keys()


def read_county_days(document_no: str, lines: str, base: Arrangement, state: Arrangement) -> CountyDays:
    """Return the days that were typed, one on a line.

    Each is checked against the year as it is now (`base`) and against the State's own notice for it.

    Raises Invalid, whose problems quote every faulty line.
    """
    problems: list[Problem] = []
    number = document_no.strip()
    if not number or len(number) > DOCUMENT_LENGTH // 2:
        problems.append(Problem("文号", "没有写本县文件的文号，或者过长。", "请写成「奉节府发〔2026〕3号」的样子。"))
    elif not has_number(number):
        problems.append(Problem("文号", f"「{number}」不是文号。", "请照文件写全，如「奉节府发〔2026〕3号」。"))
    found: dict[date, CountyDay] = {}
    written = [line.strip() for line in lines.splitlines() if line.strip()]
    if not 0 < len(written) <= MOST_DAYS:
        problems.append(Problem("日期", f"应写 1 到 {MOST_DAYS} 天，每行一天。", "例如：2026-03-06 放假 县庆"))
    for line in written[:MOST_DAYS]:
        day = _read_line(line, base, state, problems)
        if day is not None and day.date in found:
            problems.append(Problem(line, "这一天写了两次。", "每一天只写一行。"))
        elif day is not None:
            found[day.date] = day
    if problems:
        raise Invalid(
            "county_days_faulty",
            f"本县增减的日期有 {len(problems)} 处错误，没有采用任何内容。",
            field="days",
            cure="请按提示逐行改正后重新提交。",
            problems=tuple(problems),
        )
    return CountyDays(number, tuple(sorted(found.values(), key=lambda day: day.date)))


def laid_over(state: Arrangement, documents: Iterable[CountyDays]) -> Arrangement:
    """Return the year as it holds in the county: the notice, with the county's documents in their order on top.

    A holiday of the notice stays one, whatever an older document says of the day.
    """
    days, fixed = {day.date: day for day in state.days}, state_holidays(state)
    numbers = [state.document_no] if state.document_no else []
    for document in documents:
        numbers.append(document.document_no)
        for day in document.days:
            if day.date in fixed:
                continue
            if day.kind is CountyKind.PLAIN:
                days.pop(day.date, None)
            else:
                days[day.date] = ArrangedDay(day.date, DayKind(day.kind.value), day.name)
    ordered = tuple(sorted(days.values(), key=lambda day: day.date))
    return replace(state, document_no="、".join(dict.fromkeys(numbers)), days=ordered)


def county_made(state: Arrangement, documents: Iterable[CountyDays]) -> dict[date, str]:
    """Return the number of the document behind each special day that is the county's and not the notice's."""
    found: dict[date, str] = {}
    fixed = state_holidays(state)
    for document in documents:
        for day in document.days:
            if day.kind is CountyKind.PLAIN:
                found.pop(day.date, None)
            elif day.date not in fixed:
                found[day.date] = document.document_no
    return found


def _read_line(line: str, base: Arrangement, state: Arrangement, problems: list[Problem]) -> CountyDay | None:
    parts = _LINE.fullmatch(line)
    kind = WORDS.get(parts[2]) if parts else None
    if parts is None or kind is None or len(parts[3]) > NAME_LENGTH:
        cure = "请写成「2026-03-06 放假 县庆」，中间是放假、上班或取消。"
        problems.append(Problem(line, "读不懂这一行。", cure))
        return None
    try:
        day = date.fromisoformat(parts[1])
    except ValueError:
        problems.append(Problem(line, f"没有 {parts[1]} 这一天。", "请核对日期。"))
        return None
    fault = _fault(day, kind, base, state)
    if fault:
        problems.append(Problem(line, *fault))
        return None
    return CountyDay(day, kind, parts[3])


def _fault(day: date, kind: CountyKind, base: Arrangement, state: Arrangement) -> tuple[str, str] | None:
    """Return what speaks against it, and the cure."""
    if day.year != base.year:
        return f"{day} 不在 {base.year} 年。", "请核对日期，或换一个年度。"
    if kind is CountyKind.MAKEUP and day.weekday() < WEEKDAYS:
        return f"{day} 不是周六、周日，不能调休上班。", "请核对日期。"
    now = next((one.kind.value for one in base.days if one.date == day), CountyKind.PLAIN.value)
    if now == kind.value:
        return f"{day} 现在已经是这样安排的。", "请删去这一行。"
    if day in state_holidays(state):
        return f"{day} 是国家统一放假的法定节假日，县里不能改。", "请删去这一行；县里只能增加放假，或收回自己增加的。"
    return None
