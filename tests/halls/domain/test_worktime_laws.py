"""Working time against an oracle that counts day by day and minute by minute and shares no code with it.

Against the oracle, here and in test_rung_laws, 20,100 examples in all. WORKTIME_EXAMPLES=20 makes a run twenty times
as deep, 0.1 a quick look.
"""

import os
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from halls.domain.budget import Budget, Unit
from halls.domain.statement import explain
from halls.domain.worktime import SHANGHAI, Pause, due, remaining, time_left, time_used, used
from tests.halls.domain.oracle import (
    CALENDARS,
    FIRST,
    LAST,
    ONE_DAY,
    Drawn,
    Still,
    calendars,
    counted_days,
    counted_minutes,
    limits,
    moment_of,
    oracle,
    walk,
    works,
)

DEPTH = float(os.environ.get("WORKTIME_EXAMPLES", "1"))
DAY_UNITS = [unit for unit in Unit if unit is not Unit.WORKING_HOUR]


def law(examples: int):
    return settings(max_examples=round(examples * DEPTH), deadline=None)


def case(start, amount, seed, *pauses):
    return Drawn(datetime.fromisoformat(start).replace(tzinfo=SHANGHAI), amount, CALENDARS[seed], list(pauses), [])


@pytest.mark.parametrize("unit", Unit)
@law(1600)
@given(limits())
@example(case("2020-02-07T09:00", 0, 1, Pause(date(2020, 2, 6), date(2020, 2, 9))))
@example(case("2026-12-28T09:00", 3, 2, Pause(date(2026, 12, 31), date(2027, 1, 10))))
def test_the_end_is_the_one_found_by_counting_step_by_step(unit, limit):
    start, budget, calendar = limit.start, limit.of(unit), limit.calendar
    still = Still(limit.pauses, limit.moment.date() if limit.moment else None)
    result = due(start, budget, calendar, limit.pauses, limit.extensions, moment=limit.moment)
    expected = oracle(start, [budget, *limit.extensions], calendar, still)
    if expected is None:
        assert (result.due_on, result.due_at) == (None, None)
        return
    assert (result.due_on, result.due_at) == (expected[0], moment_of(expected, calendar))
    assert calendar.is_working(result.due_on)


@pytest.mark.parametrize("unit", Unit)
@law(400)
@given(limits())
def test_the_statement_has_every_day_once_and_agrees_with_the_due_day(unit, limit):
    start, budget, calendar = limit.start, limit.of(unit), limit.calendar
    facts = start, budget, calendar, limit.pauses, limit.extensions
    still = Still(limit.pauses, limit.moment.date() if limit.moment else None)
    statement = explain(*facts, moment=limit.moment)
    rows = statement.rows
    first = start.date() + (ONE_DAY if unit is not Unit.WORKING_HOUR else timedelta())
    assert statement.due == due(*facts, moment=limit.moment)
    assert [row.date for row in rows] == [first + timedelta(days=n) for n in range(len(rows))]
    assert [row.n for row in rows if row.counted] == list(range(1, sum(row.counted for row in rows) + 1))
    assert all(row.reason and (row.n is None) == (not row.counted) for row in rows)
    assert not [row for row in rows if row.counted and row.date in still]
    if statement.due_on is None:
        return
    assert rows[-1].date == statement.due_on if rows else statement.due_on == start.date()
    counted = [row.date for row in rows if row.counted]
    budgets = [budget, *limit.extensions]
    if Unit.WORKING_HOUR not in {b.unit for b in budgets}:
        reached = walk(start.date(), budgets, calendar, still)
        assert reached is not None
        assert (counted[-1] if counted else start.date()) == reached[0]
    if {b.unit for b in budgets} == {Unit.WORKING_DAY}:
        assert len(counted) == sum(b.amount for b in budgets)


@law(700)
@given(limits(), st.integers(0, 150))
def test_used_days_are_the_working_days_that_were_not_paused(limit, later):
    moment = limit.start + timedelta(days=later)
    expected = counted_days(limit.start.date(), moment.date(), limit.calendar, Still(limit.pauses, moment.date()))
    assert used(limit.start, moment, limit.calendar, limit.pauses) == len(expected)


@law(700)
@given(limits(near=20), st.integers(0, 60_000))
def test_used_hours_are_the_minutes_of_the_office_that_were_not_paused(limit, later):
    moment = limit.start + timedelta(minutes=later)
    end = moment.date(), moment.hour * 60 + moment.minute
    minutes = counted_minutes(limit.start, end, limit.calendar, Still(limit.pauses, moment.date()))
    assert time_used(limit.start, moment, limit.calendar, limit.pauses) == timedelta(minutes=len(minutes))
    begun_hours = -(-len(minutes) // 60)
    assert used(limit.start, moment, limit.calendar, limit.pauses, unit=Unit.WORKING_HOUR) == begun_hours


@pytest.mark.parametrize("unit", DAY_UNITS)
@law(300)
@given(limits(), st.integers(0, 150))
def test_days_left_are_negative_exactly_when_a_working_day_has_passed_behind_the_due_day(unit, limit, later):
    start, budget, calendar = limit.start, limit.of(unit), limit.calendar
    moment = start + timedelta(days=later)
    still = Still(limit.pauses, moment.date())
    facts = budget, calendar, limit.pauses, limit.extensions
    ends = due(start, *facts, moment=moment).due_on
    left = remaining(start, moment, *facts)
    if ends is None:
        assert left >= 0 or oracle(start, [budget, *limit.extensions], calendar, Still([], None)) is None
        return
    near, far = sorted((moment.date(), ends))
    days = len(counted_days(near, far, calendar, still))
    assert left == (days if moment.date() <= ends else -days)


@pytest.mark.parametrize("unit", [Unit.WORKING_HOUR, Unit.WORKING_DAY])
@law(500)
@given(limits(near=20, running=False), st.integers(0, 20_000))
def test_time_left_is_the_minutes_of_the_office_up_to_the_end_or_behind_it(unit, limit, later):
    start, calendar = limit.start, limit.calendar
    budget = Budget(limit.amount % 15, unit)
    moment, still = start + timedelta(minutes=later), Still(limit.pauses, None)
    ends = oracle(start, [budget], calendar, still)
    assert ends is not None
    day, minute = ends
    if minute is None:
        closing = calendar.hours.closing
        minute = closing.hour * 60 + closing.minute
    end = moment_of((day, minute), calendar)
    now = moment.date(), moment.hour * 60 + moment.minute
    ahead = timedelta(minutes=len(counted_minutes(moment, (day, minute), calendar, still)))
    behind = timedelta(minutes=len(counted_minutes(end, now, calendar, still)))
    assert time_left(start, moment, budget, calendar, limit.pauses) == ahead - behind
    if unit is Unit.WORKING_HOUR:
        whole = (ahead - behind) // timedelta(hours=1)
        assert remaining(start, moment, budget, calendar, limit.pauses) == whole


@law(300)
@given(st.dates(FIRST, LAST), calendars, st.integers(-300, 300).filter(bool))
def test_shifting_by_working_days_is_stepping_day_by_day(day, calendar, number):
    step, left, there = (ONE_DAY if number > 0 else -ONE_DAY), abs(number), day
    while left:
        there += step
        left -= works(there, calendar)
    assert calendar.shift_working(day, number) == there
    between = calendar.working_between(day, there)
    assert between == (number if number > 0 else number + 1 - works(day, calendar))
