"""The law's time again, counted on the fingers: the nightly proof of what the fast functions computed.

Written apart from halls.domain.worktime and sharing nothing with it: one loop over days, no numbers of days, no
look-up. Slow on purpose; when the two disagree, one of them is wrong, and somebody has to look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
END = time(23, 59, 59)
FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


@dataclass(frozen=True)
class Almanac:
    """The published years, and the days that differ from the plain week: True is worked, False is off."""

    years: frozenset[int]
    special: Mapping[date, bool]

    def is_worked(self, day: date) -> bool:
        if day in self.special:
            return self.special[day]
        may_second = (day.month, day.day) == (5, 2) and day.year >= 2025
        if day.year not in self.years and ((day.month, day.day) in FIXED or may_second):
            return False
        return day.isoweekday() <= 5


@dataclass(frozen=True)
class Limit:
    """A limit from the day of the event; `pauses` are (day it began, last day that does not count)."""

    start: date
    amount: int
    unit: str  # wd | cd | mo | y
    pauses: Sequence[tuple[date, date]] = ()

    def sleeps(self, day: date) -> bool:
        return any(first < day <= last for first, last in self.pauses)


@dataclass(frozen=True)
class End:
    """The last day of a limit, and whether a day that decided it lies in a year nobody published."""

    day: date
    is_provisional: bool

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, END, tzinfo=SHANGHAI)


def end_of(limit: Limit, almanac: Almanac, *, moves: bool = True) -> End:
    """Return when the limit ends. `moves` False: on its very last day, be it a Sunday."""
    reached, years = _use_up(limit.start, limit, almanac)
    day = _open_day(reached, limit, almanac) if moves else reached
    if moves:
        years |= set(range(reached.year, day.year + 1))
    return End(day, not years <= almanac.years if moves else False)


def later(end: End, more: int, limit: Limit, almanac: Almanac) -> End:
    """Return the end of a limit that is `more` working days longer; other units are used up first."""
    if more == 0:
        return end
    if limit.unit == "wd":
        return end_of(Limit(limit.start, limit.amount + more, "wd", limit.pauses), almanac)
    reached, years = _use_up(end.day, Limit(limit.start, more, "wd", limit.pauses), almanac)
    day = _open_day(reached, limit, almanac)
    return End(day, end.is_provisional or not years <= almanac.years)


def warning_of(limit: Limit, left: int, begun: datetime, almanac: Almanac) -> datetime:
    """Return when no more than `left` working days begin to be left; never before the first counted day."""
    last = end_of(limit, almanac).day
    counted = []
    day = limit.start
    while day < last:
        day += DAY
        if almanac.is_worked(day) and not limit.sleeps(day):
            counted.append(day)
    if not counted:
        return max(begun, datetime.combine(last, time(), tzinfo=SHANGHAI))
    first = counted[max(len(counted) - left, 1) - 1]
    return datetime.combine(first, time(), tzinfo=SHANGHAI)


def _use_up(start: date, limit: Limit, almanac: Almanac) -> tuple[date, set[int]]:
    """Walk until the amount is used up; return that day and the years whose calendar decided it."""
    amount, by_work = limit.amount, limit.unit == "wd"
    if limit.unit in ("mo", "y"):
        amount = (_same_day(start, limit.amount * (12 if limit.unit == "y" else 1)) - start).days
    day, used = start, 0
    years: set[int] = set()
    while used < amount:
        day += DAY
        if by_work:
            years.add(day.year)
        if not limit.sleeps(day) and (not by_work or almanac.is_worked(day)):
            used += 1
    return day, years or {day.year}


def _same_day(start: date, months: int) -> date:
    """Return the corresponding day; a month that lacks it ends on its last day (民法典 §202)."""
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    day = date(year, month, 1)
    while day.day < start.day and (day + DAY).month == month:
        day += DAY
    return day


def _open_day(day: date, limit: Limit, almanac: Almanac) -> date:
    """Return the day on which a limit can end: a working day (民法典 §203), and not one that is slept through."""
    while True:
        ends = day
        while not almanac.is_worked(ends):
            ends += DAY
        held = [last for first, last in limit.pauses if first <= ends and last > day and last > first]
        if not held:
            return ends
        day = min(held)


def colour_of(status: str, warn_at: datetime | None, late_at: datetime | None, now: datetime) -> str:
    """Return the colour of a case, once more from the words of the rule."""
    if status in ("declined", "delivered", "withdrawn"):
        return "done"
    if status == "suspended":
        return "paused"
    if late_at is None:
        return "none"
    if late_at < now:
        return "red"
    return "green" if warn_at is None or now < warn_at else "yellow"
