"""Counting day by day and minute by minute, sharing no code with the functions it judges; and what to try them on.

A limit ends for it at (day, minute of the day): 9:30 is 570, and None is the end of the day.
"""

import random
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from hypothesis import strategies as st

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.office_hours import OfficeHours
from halls.domain.worktime import SHANGHAI, Pause

FIRST, LAST, HORIZON = date(2018, 1, 1), date(2028, 12, 31), date(2036, 12, 31)
FAR = timedelta(days=2900)  # farther than any limit drawn here can reach
ONE_DAY = timedelta(days=1)
DAYS = [FIRST + timedelta(days=n) for n in range((HORIZON - FIRST).days)]
FIXED = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}
MIDNIGHT = 24 * 60

Special = dict[date, tuple[str, str]]
End = tuple[date, int | None]


# --- calendars: years published or not, breaks and make-up days anywhere, year ends among them ---------------------

HOURS = [
    OfficeHours(),
    OfficeHours(((time(9), time(12)), (time(13), time(17)))),
    OfficeHours(((time(8, 30), time(16)),)),
    OfficeHours(((time(8), time(10)), (time(10, 15), time(12)), (time(15), time(18)))),
]


def invented_days(chance: random.Random, year: int) -> Special:
    special: Special = {}
    starts = [date(year, 12, 29), *(date(year, 1, 1) + timedelta(days=chance.randrange(364)) for _ in range(6))]
    for start in starts:
        for offset in range(chance.randrange(1, 9)):
            special[start + timedelta(days=offset)] = ("holiday", "节")
    for _ in range(6):
        day = date(year, 1, 1) + timedelta(days=chance.randrange(364))
        special[day + timedelta(days=5 - day.weekday())] = ("makeup", "节")  # its Saturday
    return special


def invented_calendar(seed: int) -> WorkCalendar:
    chance = random.Random(seed)
    published = frozenset(year for year in range(2018, 2037) if chance.random() < 0.7)
    special: Special = {}
    for year in range(2018, 2029):
        special |= invented_days(chance, year)
    return WorkCalendar(published, special, hours=HOURS[seed % len(HOURS)])


def edited(
    calendar: WorkCalendar, special: Mapping[date, tuple[str, str]], *, published: frozenset[int] | None = None
) -> WorkCalendar:
    published = calendar.published if published is None else published
    return WorkCalendar(published, special, hours=calendar.hours)


CALENDARS = [invented_calendar(seed) for seed in range(24)]


# --- what a day and a minute are ----------------------------------------------------------------------------------


def works(day: date, calendar: WorkCalendar) -> bool:
    if day in calendar.special:
        return calendar.special[day][0] == "makeup"
    if day.year not in calendar.published:
        fixed = FIXED | ({(5, 2)} if day.year >= 2025 else set())
        if (day.month, day.day) in fixed:
            return False
    return day.weekday() < 5


def open_minutes(calendar: WorkCalendar) -> list[int]:
    spans = [(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in calendar.hours.spans]
    return [minute for minute in range(MIDNIGHT) if any(a <= minute < b for a, b in spans)]


def minute_of(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def moment_of(end: End, calendar: WorkCalendar) -> datetime:
    day, minute = end
    if minute is None:
        return datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI)
    return datetime.combine(day, time(), tzinfo=SHANGHAI) + timedelta(minutes=minute)


class Still:
    """Says of one day whether it is paused."""

    def __init__(self, pauses: Iterable[Pause], today: date | None) -> None:
        self._stretches = [(pause.start, self._last(pause, today)) for pause in pauses]

    @staticmethod
    def _last(pause: Pause, today: date | None) -> date:
        if pause.end is None and (pause.granted_until is None or today is None or today <= pause.granted_until):
            return date.max
        return min(day for day in (pause.end, pause.granted_until) if day is not None)

    def __contains__(self, day: date) -> bool:
        return any(first < day <= last for first, last in self._stretches)


# --- counting -----------------------------------------------------------------------------------------------------


def corresponding(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def walk(
    start: date, budgets: Sequence[Budget], calendar: WorkCalendar, still: Still, minute: int = MIDNIGHT
) -> End | None:
    """Return the last counted day and its minute: one step a day (a minute), counting those that count.

    `minute` is that of the start.
    """
    ends: End = start, None
    meant = [budgets[0], *(b for b in budgets[1:] if b.amount)]  # an extension by nothing is none
    units = [(Unit.MONTH, b.amount * 12) if b.unit == Unit.YEAR else (b.unit, b.amount) for b in meant]
    for place, (unit, group) in enumerate(groupby(units, key=lambda pair: pair[0])):
        day = settle(start, ends[0], calendar, still) if place else start
        if day is None:
            return None
        left = sum(amount for _, amount in group)
        if unit == Unit.WORKING_HOUR:
            reached = walk_minutes(day, MIDNIGHT if place else minute, left * 60, calendar, still)
        else:
            reached = walk_days(day, left, unit, calendar, still)
        if reached is None:
            return None
        ends = reached
    return ends


def walk_days(day: date, left: int, unit: Unit, calendar: WorkCalendar, still: Still) -> End | None:
    last = day + FAR
    if unit == Unit.MONTH:
        left = (corresponding(day, left) - day).days
    while left:
        day += ONE_DAY
        if day >= last:
            return None
        if day not in still and (unit != Unit.WORKING_DAY or works(day, calendar)):
            left -= 1
    return day, None


def walk_minutes(day: date, minute: int, left: int, calendar: WorkCalendar, still: Still) -> End | None:
    last = day + FAR
    minutes = open_minutes(calendar)
    while day < last:
        if works(day, calendar) and day not in still:
            for here in minutes:
                if here < minute:
                    continue
                if left <= 1:
                    return day, here + left
                left -= 1
        day, minute = day + ONE_DAY, 0
    return None


def settle(start: date, day: date, calendar: WorkCalendar, still: Still) -> date | None:
    """Return the first working day from there behind which the clock does not stand still."""
    while not works(day, calendar) or day + ONE_DAY in still:
        if day >= start + FAR:
            return None
        day += ONE_DAY
    return day


def oracle(start: datetime, budgets: Sequence[Budget], calendar: WorkCalendar, still: Still) -> End | None:
    """Return the day on which a limit ends, and its minute when it is one in working hours."""
    reached = walk(start.date(), budgets, calendar, still, minute_of(start))
    if reached is None:
        return None
    day, minute = reached
    ends = settle(start.date(), day, calendar, still)
    if ends is None:
        return None
    if minute is not None and ends != day:
        minute = open_minutes(calendar)[-1] + 1
    return ends, minute


def oracle_after(end: End, excess: Budget, calendar: WorkCalendar, still: Still) -> End:
    """Return the end of so much behind the end of a limit; a day on which it was paused lasts while it stands still."""
    if excess.amount == 0:
        return end
    day, minute = end
    if excess.unit is Unit.WORKING_HOUR:
        closing = calendar.hours.closing
        here = closing.hour * 60 + closing.minute if minute is None else minute
        reached = walk_minutes(day, here, excess.amount * 60, calendar, still)
        assert reached is not None
        return reached
    reached = walk(day, [excess], calendar, still)
    assert reached is not None
    last = reached[0] if excess.unit is Unit.WORKING_DAY else settle(day, reached[0], calendar, still)
    assert last is not None
    while last + ONE_DAY in still:
        last += ONE_DAY
    return last, None


def counted_days(start: date, last: date, calendar: WorkCalendar, still: Still) -> list[date]:
    """Return the working days in (start, last] that count."""
    days = DAYS[(start - FIRST).days + 1 : (last - FIRST).days + 1]
    return [day for day in days if works(day, calendar) and day not in still]


def counted_minutes(start: datetime, end: End, calendar: WorkCalendar, still: Still) -> list[tuple[date, int]]:
    """Return the beginnings of the minutes of office time from one moment to another."""
    first, last = (start.date(), minute_of(start)), (end[0], MIDNIGHT if end[1] is None else end[1])
    minutes = open_minutes(calendar)
    days = DAYS[(first[0] - FIRST).days : (last[0] - FIRST).days + 1]
    return [
        (day, here)
        for day in days
        if works(day, calendar) and day not in still
        for here in minutes
        if first <= (day, here) < last
    ]


# --- limits -------------------------------------------------------------------------------------------------------

# Few draws per example: they, not the arithmetic, are what a run costs.

MINUTES = int((LAST - FIRST) / timedelta(minutes=1))
MOST = {Unit.WORKING_HOUR: 90, Unit.WORKING_DAY: 70, Unit.CALENDAR_DAY: 120, Unit.MONTH: 14, Unit.YEAR: 2}
calendars = st.integers(0, len(CALENDARS) - 1).map(CALENDARS.__getitem__)
moments = st.integers(0, MINUTES).map(lambda n: datetime.combine(FIRST, time(), SHANGHAI) + timedelta(minutes=n))
amounts = st.integers(0, 120)
budgets = st.tuples(st.sampled_from([Unit.WORKING_DAY, *Unit]), amounts).map(
    lambda drawn: Budget(drawn[1] % (MOST[drawn[0]] + 1), drawn[0])
)
# Days from the start to the pause, its length (None: it runs), its granted days (None: no bound).
pauses_drawn = st.lists(
    st.tuples(st.integers(-10, 110), st.integers(0, 40), st.none() | st.integers(0, 40)), max_size=4
)


class Drawn(NamedTuple):
    """A limit of so much of some unit, with pauses near it, its extensions, a calendar and a present."""

    start: datetime
    amount: int
    calendar: WorkCalendar
    pauses: list[Pause]
    extensions: list[Budget]
    moment: datetime | None = None

    def of(self, unit: Unit) -> Budget:
        return Budget(self.amount % (MOST[unit] + 1), unit)


@st.composite
def limits(draw, *, running=True, near=110):
    """Draw a limit; with `running` its last pause may be open."""
    start = draw(moments)
    pauses = []
    for begins, length, granted in draw(pauses_drawn):
        first = start.date() + timedelta(days=begins % (near + 11) - 10)
        until = None if granted is None else first + timedelta(days=granted)
        pauses.append(Pause(first, first + timedelta(days=length), until))
    last_runs, present = draw(st.integers(0, 3)) == 0, draw(st.none() | st.integers(0, 150))
    if running and pauses and last_runs:
        pauses[-1] = Pause(pauses[-1].start, None, pauses[-1].granted_until)
    extensions = draw(st.lists(budgets, max_size=2))
    moment = None if present is None else start + timedelta(days=present)
    return Drawn(start, draw(amounts), draw(calendars), pauses, extensions, moment)
