"""When a hall is open (开放时间): weekdays, market days (赶场日), extended hours (延时服务). Pure.

Market days follow the digits of the solar day of the month: 逢二、五、八 is the 2nd, 5th, 8th, 12th, 15th … A county
whose markets follow the lunar calendar writes its days as weekday rows for a time. Opening never moves a limit: the
legal calendar knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

_DIGITS: Final = "十一二三四五六七八九"
_WEEKDAYS: Final = "一二三四五六日"


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
    """One line of a hall's opening times: on a weekday (1 to 7), or on the days whose last digit is in `digits`."""

    kind: OpeningKind
    opens: time
    closes: time
    weekday: int | None = None
    digits: str = ""

    def holds_on(self, day: date) -> bool:
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


def lines_of(openings: Iterable[Opening]) -> list[str]:
    """Return the opening times in words, the days of the same hours together: 周一、周二 09:00-17:00 对外办公."""
    grouped: dict[tuple[OpeningKind, time, time], list[Opening]] = {}
    for one in sorted(openings, key=lambda one: (list(OpeningKind).index(one.kind), one.opens, one.weekday or 0)):
        grouped.setdefault((one.kind, one.opens, one.closes), []).append(one)
    return [
        f"{_days(rows)} {opens:%H:%M}-{closes:%H:%M} {KIND_LABELS[kind]}"
        for (kind, opens, closes), rows in grouped.items()
    ]


def _days(rows: Iterable[Opening]) -> str:
    words = []
    for one in rows:
        if one.weekday is not None:
            words.append(f"周{_WEEKDAYS[one.weekday - 1]}")
        else:
            words.append("逢" + "、".join(_DIGITS[int(digit)] for digit in one.digits))
    return "、".join(words)
