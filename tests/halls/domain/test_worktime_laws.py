"""Working time against an oracle that counts day by day and shares no code with it.

WORKTIME_EXAMPLES=20000 makes a deep run of it.
"""

import os
import random
from calendar import monthrange
from datetime import date, datetime, timedelta
from itertools import groupby

from hypothesis import example, given, settings
from hypothesis import strategies as st

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.statement import explain
from halls.domain.worktime import SHANGHAI, Pause, due, remaining, start_of, used, warn_from

EXAMPLES = int(os.environ.get("WORKTIME_EXAMPLES", "2000"))
FIRST, LAST, HORIZON = date(2018, 1, 1), date(2028, 12, 31), date(2036, 12, 31)
FAR = timedelta(days=2900)  # farther than any limit drawn here can reach
ONE_DAY = timedelta(days=1)
DAYS = [FIRST + timedelta(days=n) for n in range((HORIZON - FIRST).days)]
FIXED = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}


# --- calendars: years published or not, breaks and make-up days anywhere, year ends among them ---------------------


def invented_calendar(seed: int) -> WorkCalendar:
    chance = random.Random(seed)
    published = frozenset(year for year in range(2018, 2037) if chance.random() < 0.7)
    special = {}
    for year in range(2018, 2029):
        starts = [date(year, 12, 29), *(date(year, 1, 1) + timedelta(days=chance.randrange(364)) for _ in range(6))]
        for start in starts:
            for offset in range(chance.randrange(1, 9)):
                special[start + timedelta(days=offset)] = ("holiday", "节")
        for _ in range(6):
            day = date(year, 1, 1) + timedelta(days=chance.randrange(364))
            special[day + timedelta(days=5 - day.weekday())] = ("makeup", "节")  # its Saturday
    return WorkCalendar(published, special)


CALENDARS = [invented_calendar(seed) for seed in range(24)]


# --- the oracle ---------------------------------------------------------------------------------------------------


def works(day: date, calendar: WorkCalendar) -> bool:
    if day in calendar.special:
        return calendar.special[day][0] == "makeup"
    if day.year not in calendar.published:
        fixed = FIXED | ({(5, 2)} if day.year >= 2025 else set())
        if (day.month, day.day) in fixed:
            return False
    return day.weekday() < 5


class Still:
    """Says of one day whether it is paused."""

    def __init__(self, pauses, today: date | None) -> None:
        self._stretches = [(pause.start, self._last(pause, today)) for pause in pauses]

    @staticmethod
    def _last(pause: Pause, today: date | None) -> date:
        if pause.end is None and (pause.granted_until is None or today is None or today <= pause.granted_until):
            return date.max
        return min(day for day in (pause.end, pause.granted_until) if day is not None)

    def __contains__(self, day: date) -> bool:
        return any(first < day <= last for first, last in self._stretches)


def corresponding(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def walk(start: date, budgets, calendar: WorkCalendar, still: Still) -> date | None:
    """Return the last counted day: one step a day, counting those that count."""
    day: date | None = start
    meant = [budgets[0], *(b for b in budgets[1:] if b.amount)]  # an extension by nothing is none
    units = [(Unit.MONTH, b.amount * 12) if b.unit == Unit.YEAR else (b.unit, b.amount) for b in meant]
    for place, (unit, group) in enumerate(groupby(units, key=lambda pair: pair[0])):
        if place:
            day = settle(start, day, calendar, still)
        if day is None:
            return None
        left = sum(amount for _, amount in group)
        if unit == Unit.MONTH:
            left = (corresponding(day, left) - day).days
        while left:
            day += ONE_DAY
            if day >= start + FAR:
                return None
            if day not in still and (unit != Unit.WORKING_DAY or works(day, calendar)):
                left -= 1
    return day


def settle(start: date, day: date | None, calendar: WorkCalendar, still: Still) -> date | None:
    """Return the first working day from there behind which the clock does not stand still."""
    while day is not None and (not works(day, calendar) or day + ONE_DAY in still):
        day = day + ONE_DAY if day < start + FAR else None
    return day


def oracle(start: date, budgets, calendar: WorkCalendar, still: Still) -> date | None:
    return settle(start, walk(start, budgets, calendar, still), calendar, still)


# --- limits -------------------------------------------------------------------------------------------------------

# Few draws per example: they, not the arithmetic, are what a run costs.

MINUTES = int((LAST - FIRST) / timedelta(minutes=1))
MOST = {Unit.WORKING_DAY: 70, Unit.CALENDAR_DAY: 120, Unit.MONTH: 14, Unit.YEAR: 2}
days = st.dates(FIRST, LAST)
calendars = st.integers(0, len(CALENDARS) - 1).map(CALENDARS.__getitem__)
moments = st.integers(0, MINUTES).map(lambda n: start_of(FIRST) + timedelta(minutes=n))
budgets = st.tuples(st.sampled_from([Unit.WORKING_DAY, *MOST]), st.integers(0, 120)).map(
    lambda drawn: Budget(drawn[1] % (MOST[drawn[0]] + 1), drawn[0])
)
# Days from the start to the pause, its length (None: it runs), its granted days (None: no bound).
pauses_drawn = st.lists(
    st.tuples(st.integers(-10, 110), st.integers(0, 40), st.none() | st.integers(0, 40)), max_size=4
)


@st.composite
def limits(draw):
    """A limit with pauses near it, its extensions, a calendar and a present."""
    start = draw(moments)
    pauses = []
    for begins, length, granted in draw(pauses_drawn):
        first = start.date() + timedelta(days=begins)
        until = None if granted is None else first + timedelta(days=granted)
        pauses.append(Pause(first, first + timedelta(days=length), until))
    last_runs, present = draw(st.integers(0, 3)) == 0, draw(st.none() | st.integers(0, 150))
    if pauses and last_runs:
        pauses[-1] = Pause(pauses[-1].start, None, pauses[-1].granted_until)
    extensions = draw(st.lists(budgets, max_size=2))
    moment = None if present is None else start + timedelta(days=present)
    return start, draw(budgets), draw(calendars), pauses, extensions, moment


def due_day(start, budget, calendar, pauses, extensions) -> date:
    """Return the due day of a limit without running pauses, which always has one."""
    found = due(start, budget, calendar, pauses, extensions).due_on
    assert found is not None
    return found


def case(start, budget, seed, *pauses):
    begun = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    return begun, Budget.parse(budget), CALENDARS[seed], list(pauses), [], None


@settings(max_examples=EXAMPLES, deadline=None)
@given(limits())
@example(case("2020-02-07T09:00", "0wd", 1, Pause(date(2020, 2, 6), date(2020, 2, 9))))
@example(case("2026-12-28T09:00", "3wd", 2, Pause(date(2026, 12, 31), date(2027, 1, 10))))
def test_the_due_day_is_the_one_found_by_counting_day_by_day(limit):
    start, budget, calendar, pauses, extensions, moment = limit
    still = Still(pauses, moment.date() if moment else None)
    result = due(start, budget, calendar, pauses, extensions, moment=moment)
    assert result.due_on == oracle(start.date(), [budget, *extensions], calendar, still)
    if result.due_on is not None:
        assert result.due_at == start_of(result.due_on) + timedelta(hours=23, minutes=59, seconds=59)
        assert calendar.is_working(result.due_on)
        needed = {year for year in range(start.year, result.due_on.year + 1) if year not in calendar.published}
        assert not (result.provisional and not needed), "provisional without an unpublished year"
        if {b.unit for b in [budget, *extensions]} == {Unit.WORKING_DAY} and result.due_on > start.date():
            behind = {d.year for d in (start.date() + ONE_DAY, result.due_on)} - calendar.published
            assert result.provisional or not behind


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(limits())
def test_the_statement_has_every_day_once_and_agrees_with_the_due_day(limit):
    start, budget, calendar, pauses, extensions, moment = limit
    today = moment.date() if moment else None
    still = Still(pauses, today)
    statement = explain(start, budget, calendar, pauses, extensions, moment=moment)
    rows = statement.rows
    assert statement.due == due(start, budget, calendar, pauses, extensions, moment=moment)
    assert [row.date for row in rows] == [start.date() + timedelta(days=n + 1) for n in range(len(rows))]
    assert [row.n for row in rows if row.counted] == list(range(1, sum(row.counted for row in rows) + 1))
    assert all(row.reason and (row.n is None) == (not row.counted) for row in rows)
    assert not [row for row in rows if row.counted and row.date in still]
    if statement.due_on is None:
        return
    assert rows[-1].date == statement.due_on if rows else statement.due_on == start.date()
    counted = [row.date for row in rows if row.counted]
    assert (counted[-1] if counted else start.date()) == walk(start.date(), [budget, *extensions], calendar, still)
    if {b.unit for b in [budget, *extensions]} == {Unit.WORKING_DAY}:
        assert len(counted) == budget.amount + sum(b.amount for b in extensions)


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(limits(), st.integers(0, 150))
def test_used_days_are_the_working_days_that_were_not_paused(limit, later):
    start, _, calendar, pauses, _, _ = limit
    moment = start + timedelta(days=later)
    still = Still(pauses, moment.date())
    passed = (start.date() + timedelta(days=n + 1) for n in range(later))
    assert used(start, moment, calendar, pauses) == sum(works(d, calendar) and d not in still for d in passed)


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(limits(), st.integers(0, 150))
def test_days_left_are_negative_exactly_when_a_working_day_has_passed_behind_the_due_day(limit, later):
    start, budget, calendar, pauses, extensions, _ = limit
    moment = start + timedelta(days=later)
    still = Still(pauses, moment.date())
    ends = due(start, budget, calendar, pauses, extensions, moment=moment).due_on
    left = remaining(start, moment, budget, calendar, pauses, extensions)
    if ends is None:
        assert left >= 0 or oracle(start.date(), [budget, *extensions], calendar, Still([], None)) is None
        return
    near, far = sorted((moment.date(), ends))
    between = DAYS[(near - FIRST).days + 1 : (far - FIRST).days + 1]
    days = sum(works(d, calendar) and d not in still for d in between)
    assert left == (days if moment.date() <= ends else -days)


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(limits(), st.integers(0, 12))
def test_a_warning_begins_on_the_first_counted_day_with_no_more_than_so_many_left(limit, threshold):
    start, budget, calendar, pauses, extensions, _ = limit
    pauses = [pause for pause in pauses if pause.end is not None]
    still = Still(pauses, None)
    ends = due_day(start, budget, calendar, pauses, extensions)
    begins = warn_from(threshold, start, budget, calendar, pauses, extensions)
    counted = [
        d
        for d in DAYS[(start.date() - FIRST).days + 1 : (ends - FIRST).days + 1]
        if works(d, calendar) and d not in still
    ]
    if not counted:
        assert begins == max(start, start_of(ends))
        return
    expected = next(d for place, d in enumerate(counted) if len(counted) - place - 1 <= threshold)
    assert begins == start_of(expected)
    assert remaining(start, begins, budget, calendar, pauses, extensions) <= threshold


@settings(max_examples=EXAMPLES // 8, deadline=None)
@given(limits(), st.integers(0, 30), st.integers(0, 30))
def test_more_time_excluded_or_granted_never_makes_a_limit_end_earlier(limit, longer, extra):
    start, budget, calendar, pauses, extensions, _ = limit
    pauses = [pause for pause in pauses if pause.end is not None]
    before = due_day(start, budget, calendar, pauses, extensions)
    stretched = [Pause(p.start, p.end + timedelta(days=longer), p.granted_until) for p in pauses]
    assert due_day(start, budget, calendar, stretched, extensions) >= before
    assert due_day(start, budget, calendar, pauses, [*extensions, Budget(extra)]) >= before


@settings(max_examples=EXAMPLES // 8, deadline=None)
@given(days, calendars, st.integers(-300, 300).filter(bool))
def test_shifting_by_working_days_is_stepping_day_by_day(day, calendar, number):
    step, left, there = (ONE_DAY if number > 0 else -ONE_DAY), abs(number), day
    while left:
        there += step
        left -= works(there, calendar)
    assert calendar.shift_working(day, number) == there
    between = calendar.working_between(day, there)
    assert between == (number if number > 0 else number + 1 - works(day, calendar))
