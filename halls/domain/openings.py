"""When a hall is open (开放时间): weekdays, market days (赶场日), extended hours (延时服务). Pure.

Market days follow the digits of the solar day of the month: 逢二、五、八 is the 2nd, 5th, 8th, 12th, 15th … A county
whose markets follow the lunar calendar writes its days as weekday rows for a time. Opening never moves a limit: the
legal calendar knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

_DIGITS: Final = "十一二三四五六七八九"
WEEKDAYS: Final = "一二三四五六日"


class OpeningKind(StrEnum):
    REGULAR = "regular"
    MARKET = "market"
    EXTENDED = "extended"


KIND_LABELS: Final = {
    OpeningKind.REGULAR: "对外办公",
    OpeningKind.MARKET: "赶场日开放",
    OpeningKind.EXTENDED: "延时服务",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of a hall's opening times: on a weekday (1 to 7), or on the days whose last digit is in `digits`.

    In force from `starts_on` through `ends_on`; two lines that say the same are the same, whenever they do.
    """

    kind: OpeningKind
    opens: time
    closes: time
    weekday: int | None = None
    digits: str = ""
    starts_on: date | None = field(default=None, compare=False)
    ends_on: date | None = field(default=None, compare=False)

    def is_in_force(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    def holds_on(self, day: date) -> bool:
        if not self.is_in_force(day):
            return False
        if self.weekday is not None:
            return day.isoweekday() == self.weekday
        return str(day.day % 10) in self.digits


@dataclass(frozen=True, slots=True)
class NextOpening:
    """The next time a hall is open; `is_now`: it is open at this moment."""

    day: date
    opening: Opening
    is_now: bool


LOOK_AHEAD: Final = 31


def next_opening(openings: Iterable[Opening], now: datetime, is_working: Callable[[date], bool]) -> NextOpening | None:
    """Return when the hall is open next, within a month; None when nobody wrote it.

    Regular hours stand still on days that are no working days (holidays); market days and extended hours do not.
    `now` in local time.
    """
    rows = list(openings)
    for ahead in range(LOOK_AHEAD):
        day = now.date() + timedelta(days=ahead)
        today = [one for one in rows if one.holds_on(day) and (one.kind is not OpeningKind.REGULAR or is_working(day))]
        left = [one for one in today if ahead or now.time() < one.closes]
        if left:
            first = min(left, key=lambda one: one.opens)
            return NextOpening(day, first, is_now=not ahead and first.opens <= now.time())
    return None


@dataclass(frozen=True, slots=True)
class Hours:
    """The days on which a hall keeps the same hours of one kind: weekdays (1 to 7), last digits, or both."""

    kind: OpeningKind
    opens: time
    closes: time
    weekdays: tuple[int, ...] = ()
    digits: str = ""

    def lines(self) -> list[Opening]:
        lines = [Opening(self.kind, self.opens, self.closes, weekday=day) for day in self.weekdays]
        return lines + ([Opening(self.kind, self.opens, self.closes, digits=self.digits)] if self.digits else [])


def hours_of(openings: Iterable[Opening]) -> list[Hours]:
    """Return the lines with the days of the same hours together."""
    grouped: dict[tuple[OpeningKind, time, time], list[Opening]] = {}
    for one in sorted(openings, key=lambda one: (list(OpeningKind).index(one.kind), one.opens, one.weekday or 0)):
        grouped.setdefault((one.kind, one.opens, one.closes), []).append(one)
    return [
        Hours(
            *key,
            weekdays=tuple(one.weekday for one in rows if one.weekday is not None),
            digits="".join(sorted({digit for one in rows for digit in one.digits})),
        )
        for key, rows in grouped.items()
    ]


def lines_of(openings: Iterable[Opening]) -> list[str]:
    """Return the opening times in words: 周一、周二 09:00-17:00 对外办公."""
    return [
        f"{_days(hours)} {hours.opens:%H:%M}-{hours.closes:%H:%M} {KIND_LABELS[hours.kind]}"
        for hours in hours_of(openings)
    ]


def _days(hours: Hours) -> str:
    words = [f"周{WEEKDAYS[day - 1]}" for day in hours.weekdays]
    if hours.digits:
        words.append("逢" + "、".join(_DIGITS[int(digit)] for digit in hours.digits))
    return "、".join(words)


def in_force(openings: Iterable[Opening], day: date) -> list[Opening]:
    return [one for one in openings if one.is_in_force(day)]


def turning_days(openings: Iterable[Opening], after: date) -> list[date]:
    """Return the days later than `after` from which another set is in force than the day before."""
    rows = list(openings)
    days = {one.starts_on for one in rows if one.starts_on is not None}
    days |= {one.ends_on + timedelta(days=1) for one in rows if one.ends_on is not None and one.ends_on < date.max}
    return [
        day
        for day in sorted(days)
        if day > after and set(in_force(rows, day)) != set(in_force(rows, day - timedelta(days=1)))
    ]
