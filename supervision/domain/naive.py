"""The law's time again, counted on the fingers: the nightly proof of what the fast functions computed.

Written apart from halls.domain.worktime and sharing nothing with it: one loop over days and their office hours, no
numbers of days, no look-up. Slow on purpose; when the two disagree, one of them is wrong, and somebody has to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOTHING = timedelta()
END = time(23, 59, 59)
FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
OFFICE = ((time(8, 30), time(12)), (time(14), time(17, 30)))

Piece = tuple[datetime, datetime]


@dataclass(frozen=True)
class Almanac:
    """The published years, and the days that differ from the plain week: True is worked, False is off.

    `office` are the hours of every working day.
    """

    years: frozenset[int]
    special: Mapping[date, bool]
    office: Sequence[tuple[time, time]] = OFFICE

    def is_worked(self, day: date) -> bool:
        if day in self.special:
            return self.special[day]
        may_second = (day.month, day.day) == (5, 2) and day.year >= 2025
        if day.year not in self.years and ((day.month, day.day) in FIXED or may_second):
            return False
        return day.isoweekday() <= 5

    def is_final(self, day: date) -> bool:
        """Return whether no later notice can move the day; that of the next year may reach back to 29 December."""
        if day.month == 12 and day.day >= 29 and day.year + 1 not in self.years:
            return False
        return day.year in self.years

    def at(self, day: date, when: time) -> datetime:
        return datetime.combine(day, when, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Limit:
    """A limit from the day of the event; `pauses` are (day it began, last day that does not count).

    `begun` is the moment of the event: hours need it. `more` are the extensions, (amount, unit) each.
    """

    start: date
    amount: int
    unit: str  # wh | wd | cd | mo | y
    pauses: Sequence[tuple[date, date]] = ()
    begun: datetime | None = None
    more: Sequence[tuple[int, str]] = ()

    def parts(self) -> list[tuple[int, str]]:
        """Return the limit and its extensions; what follows in the same unit adds up, and years are months."""
        parts: list[tuple[int, str]] = []
        for amount, unit in ((self.amount, self.unit), *self.more):
            part = (amount * 12, "mo") if unit == "y" else (amount, unit)
            if parts and part[1] == parts[-1][1]:
                part = (parts.pop()[0] + part[0], part[1])
            elif parts and amount == 0:
                continue
            parts.append(part)
        return parts

    def sleeps(self, day: date) -> bool:
        return any(first < day <= last for first, last in self.pauses)

    def moment(self) -> datetime:
        if self.begun is None:
            raise ValueError("Hours are counted from a moment, not from a day.")
        return self.begun.astimezone(SHANGHAI)


@dataclass(frozen=True)
class End:
    """The last day of a limit and its last moment; provisional: a later notice may move it."""

    day: date
    is_provisional: bool
    at: datetime


def end_of(limit: Limit, almanac: Almanac) -> End:
    """Return when the limit ends, its extensions used up one after the other."""
    day, begun, is_provisional = limit.start, limit.begun, False
    for amount, unit in limit.parts():
        part = Limit(day, amount, unit, limit.pauses, begun)
        end = _end_of_hours(part, almanac) if unit == "wh" else _end_of_days(part, almanac)
        day, begun = end.day, almanac.at(end.day, almanac.office[-1][1])
        is_provisional |= end.is_provisional
    return End(day, is_provisional, end.at)


def last_day_of(limit: Limit, almanac: Almanac) -> date:
    """Return the very last day of the limit, be it a Sunday."""
    return _use_up(limit.start, limit, almanac)[0]


def later(end: End, more: int, limit: Limit, almanac: Almanac, unit: str = "wd") -> datetime:
    """Return the moment behind which a limit that ended there is over by more than that."""
    if more == 0:
        return end.at
    if unit == "wh":
        begins = min(end.at, almanac.at(end.day, almanac.office[-1][1]))
        return _walk(_office(limit, almanac, begins), more * HOUR, begins)
    behind = Limit(end.day, more, unit, limit.pauses)
    day, _ = _use_up(end.day, behind, almanac)
    if unit != "wd":
        day = _open_day(day, behind, almanac)
    return almanac.at(_slept_through(day, limit), END)


def warning_of(limit: Limit, left: int, begun: datetime, almanac: Almanac) -> datetime:
    """Return when no more than `left` working days begin to be left; never before the first counted day."""
    if limit.unit == "wh":
        day = sum((_long(piece) for piece in _spans(limit.start, almanac)), NOTHING)
        return _warning(limit, left * day, almanac)
    counted = list(_counted(limit, almanac))
    if not counted:
        return max(begun, almanac.at(end_of(limit, almanac).day, time()))
    return almanac.at(counted[max(len(counted) - left, 1) - 1], time())


def warning_in_hours(limit: Limit, left: int, almanac: Almanac) -> datetime:
    """Return when no more than `left` working hours begin to be left; a day ends with its office hours here."""
    return _warning(limit, left * HOUR, almanac)


def share_used(limit: Limit, percent: int, almanac: Almanac) -> datetime:
    """Return the moment behind which more than `percent` % of the limit is used."""
    end = end_of(limit, almanac)
    if limit.unit == "wh":
        pieces = list(_office(limit, almanac, limit.moment(), end.at))
        total = sum((_long(piece) for piece in pieces), NOTHING)
        if percent * total < 100 * total:
            return _walk(pieces, percent * total / 100, pieces[0][0])
        more = (percent * total - 100 * total) / 100
        return _walk(_office(limit, almanac, end.at), more, end.at)
    counted = list(_counted(limit, almanac))
    whole = 0
    while 100 * (whole + 1) <= percent * len(counted):
        whole += 1
    if whole >= len(counted):
        return later(end, whole - len(counted), limit, almanac)
    if 100 * whole == percent * len(counted):
        day = _slept_through(counted[whole - 1] if whole else limit.start, limit)
        return max(limit.moment(), almanac.at(day, END))
    day, closes = end.day, end.at
    if counted[whole] != counted[-1]:
        day = _slept_through(counted[whole], limit)
        closes = almanac.at(day, END)
    if not almanac.is_worked(day):
        return closes
    pieces = list(_spans(day, almanac))
    part = (percent * len(counted) - 100 * whole) * sum((_long(piece) for piece in pieces), NOTHING) / 100
    return min(_walk(pieces, part, pieces[0][0]), closes)


def _counted(limit: Limit, almanac: Almanac) -> Iterator[date]:
    """Yield the working days of the limit that count."""
    day, last = limit.start, end_of(limit, almanac).day
    while day < last:
        day += DAY
        if almanac.is_worked(day) and not limit.sleeps(day):
            yield day


def _use_up(start: date, limit: Limit, almanac: Almanac) -> tuple[date, bool]:
    """Walk until the amount is used up; return that day and whether every day that decided it is final."""
    amount, by_work = limit.amount, limit.unit == "wd"
    if limit.unit in ("mo", "y"):
        amount = (_same_day(start, limit.amount * (12 if limit.unit == "y" else 1)) - start).days
    day, used, is_final = start, 0, True
    while used < amount:
        day += DAY
        if by_work:
            is_final &= almanac.is_final(day)
        if not limit.sleeps(day) and (not by_work or almanac.is_worked(day)):
            used += 1
    return day, is_final


def _same_day(start: date, months: int) -> date:
    """Return the corresponding day; a month that lacks it ends on its last day (民法典 §202)."""
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    day = date(year, month, 1)
    while day.day < start.day and (day + DAY).month == month:
        day += DAY
    return day


def _end_of_days(limit: Limit, almanac: Almanac) -> End:
    reached, is_final = _use_up(limit.start, limit, almanac)
    day = _open_day(reached, limit, almanac)
    while reached <= day:
        is_final &= almanac.is_final(reached)
        reached += DAY
    return End(day, not is_final, almanac.at(day, END))


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


def _slept_through(day: date, limit: Limit) -> date:
    """Return the day, or the end of the pause that begins on it: until then nothing more is counted."""
    while limit.sleeps(day + DAY):
        day += DAY
    return day


def _spans(day: date, almanac: Almanac) -> Iterator[Piece]:
    for opens, closes in almanac.office:
        yield almanac.at(day, opens), almanac.at(day, closes)


def _long(piece: Piece) -> timedelta:
    return piece[1] - piece[0]


def _office(limit: Limit, almanac: Almanac, since: datetime, until: datetime | None = None) -> Iterator[Piece]:
    """Yield the pieces of office time that count, from a moment on; without an end for ever."""
    day = since.date()
    while until is None or day <= until.date():
        if almanac.is_worked(day) and not limit.sleeps(day):
            for opens, closes in _spans(day, almanac):
                piece = max(opens, since), closes if until is None else min(closes, until)
                if piece[0] < piece[1]:
                    yield piece
        day += DAY


def _end_of_hours(limit: Limit, almanac: Almanac) -> End:
    first = next(_office(limit, almanac, limit.moment()))[0]
    last = _walk(_office(limit, almanac, first), limit.amount * HOUR, first)
    day = _open_day(last.date(), limit, almanac)
    if day != last.date():
        last = almanac.at(day, almanac.office[-1][1])
    is_final = all(almanac.is_final(limit.start + DAY * n) for n in range((day - limit.start).days + 1))
    return End(day, not is_final, last)


def _warning(limit: Limit, left: timedelta, almanac: Almanac) -> datetime:
    end, since, counted = end_of(limit, almanac), limit.moment(), list(_counted(limit, almanac))
    by_day = limit.unit != "wh" and bool(counted)
    if by_day:
        since = almanac.at(counted[0], almanac.office[0][0])
    pieces = list(_office(limit, almanac, since, end.at))
    total = sum((_long(piece) for piece in pieces), NOTHING)
    grace = NOTHING if by_day else min(HOUR, total / 2)
    return _walk(pieces, max(total - left, grace), since)


def _walk(pieces: Iterable[Piece], amount: timedelta, begun: datetime) -> datetime:
    """Return the moment at which so much of the pieces has passed."""
    reached = begun
    for piece in pieces:
        if not amount:
            break
        reached = piece[0] + min(amount, _long(piece))
        amount -= reached - piece[0]
    return reached


def colour_of(status: str, warn_at: datetime | None, late_at: datetime | None, now: datetime) -> str:
    """Return the colour of a case, once more from the words of the rule."""
    if status in ("declined", "delivered", "withdrawn"):
        return "done"
    if status == "suspended" and (late_at is None or late_at >= now):
        return "paused"
    if late_at is None:
        return "none"
    if late_at < now:
        return "red"
    return "green" if warn_at is None or now < warn_at else "yellow"
