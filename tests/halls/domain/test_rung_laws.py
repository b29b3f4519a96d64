"""Warnings, shares and 'over by', against the oracle that counts day by day and minute by minute."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import (
    SHANGHAI,
    due,
    over_from,
    percent_from,
    remaining,
    start_of,
    used,
    warn_from,
    warn_hours,
)
from tests.halls.domain.oracle import (
    ONE_DAY,
    End,
    Still,
    counted_days,
    counted_minutes,
    limits,
    moment_of,
    open_minutes,
    oracle,
    oracle_after,
    works,
)
from tests.halls.domain.test_worktime_laws import DAY_UNITS, law

HOUR_OR_DAY = [Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY]


def ended(limit, unit, most=None):
    """Return a limit without running pauses: its facts, what stands still, and where it ends."""
    budget = limit.of(unit) if most is None else Budget(limit.amount % most, unit)
    still = Still(limit.pauses, None)
    extensions = limit.extensions if most is None else []
    end = oracle(limit.start, [budget, *extensions], limit.calendar, still)
    return (limit.start, budget, limit.calendar, limit.pauses, extensions), still, end


def in_order(moments: Sequence[datetime | None]) -> bool:
    known = [moment for moment in moments if moment is not None]
    return list(moments) == sorted(known)


@pytest.mark.parametrize("unit", DAY_UNITS)
@law(300)
@given(limits(running=False), st.integers(0, 12))
def test_a_warning_begins_on_the_first_counted_day_with_no_more_than_so_many_left(unit, limit, threshold):
    facts, still, (last, _) = ended(limit, unit)
    begins = warn_from(threshold, *facts)
    counted = counted_days(limit.start.date(), last, limit.calendar, still)
    if not counted:
        assert begins == max(limit.start, start_of(last))
        return
    expected = next(d for place, d in enumerate(counted) if len(counted) - place - 1 <= threshold)
    assert begins == start_of(expected)
    assert remaining(limit.start, begins, *facts[1:]) <= threshold


@pytest.mark.parametrize("unit", HOUR_OR_DAY)
@law(500)
@given(limits(running=False, near=20), st.integers(0, 30))
def test_a_warning_in_hours_begins_with_the_first_minute_that_has_no_more_left(unit, limit, threshold):
    facts, still, (last, minute) = ended(limit, unit, 12)
    start, calendar = limit.start, limit.calendar
    days = counted_days(start.date(), last, calendar, still)
    begins, grace = start, None
    if unit is not Unit.WORKING_HOUR and days:
        begins, grace = datetime.combine(days[0], time(), SHANGHAI), 0
    closing = calendar.hours.closing
    end = last, minute if minute is not None else closing.hour * 60 + closing.minute
    minutes = counted_minutes(begins, end, calendar, still)
    before = max(len(minutes) - threshold * 60, min(60, len(minutes) / 2) if grace is None else grace)
    found = warn_hours(threshold, *facts)
    if before == 0:
        assert found == (
            moment_of(minutes[0], calendar) if minutes and days and unit is not Unit.WORKING_HOUR else start
        )
        return
    whole = int(before) if before == int(before) else int(before) + 1
    expected = moment_of(minutes[whole - 1], calendar) + timedelta(minutes=1) - timedelta(minutes=whole - before)
    assert found == expected
    assert found <= max(due(*facts).due_at, start)


def part_of_day(
    days: Sequence[date], whole: int, rest: int, end: End, calendar: WorkCalendar, still: Still
) -> datetime:
    """Return when `rest` % of the day behind so many whole ones has run, counted minute by minute."""
    day = days[whole]
    while day + ONE_DAY in still:
        day += ONE_DAY
    closing = moment_of((day, None), calendar)
    if whole + 1 == len(days):
        day, closing = end[0], moment_of(end, calendar)
    if not works(day, calendar):
        return closing
    minutes = open_minutes(calendar)
    share = len(minutes) * rest / 100
    at = moment_of((day, minutes[max(-int(-share // 1), 1) - 1]), calendar)
    return min(at + timedelta(seconds=round((share % 1 or 1) * 60, 6)), closing)


@pytest.mark.parametrize("unit", DAY_UNITS)
@law(400)
@given(limits(running=False), st.integers(0, 99))
def test_behind_its_moment_more_than_the_share_of_days_is_used_and_not_before(unit, limit, percent):
    facts, still, end = ended(limit, unit)
    start, calendar = limit.start, limit.calendar
    moment = percent_from(percent, *facts)
    assert moment is not None
    days = counted_days(start.date(), end[0], calendar, still)
    if not days:
        assert moment == due(*facts).due_at
        return
    total = len(days)
    whole, rest = divmod(percent * total, 100)
    if rest:
        assert moment == part_of_day(days, whole, rest, end, calendar, still)
        assert moment >= datetime.combine(days[0], calendar.hours.opening, SHANGHAI)
        last = due(*facts).due_at
        assert last is not None
        assert moment <= last
        return
    assert used(start, moment, calendar, limit.pauses) * 100 <= percent * total
    next_day = next(day for day in days if day > moment.date())
    assert used(start, start_of(next_day), calendar, limit.pauses) * 100 > percent * total
    assert moment == max(start, datetime.combine(moment.date(), time(23, 59, 59), SHANGHAI))


@law(400)
@given(limits(running=False, near=20), st.integers(1, 100))
def test_a_share_of_hours_is_an_exact_moment_of_the_office(limit, percent):
    facts, still, end = ended(limit, Unit.WORKING_HOUR, 30)
    moment = percent_from(percent, *facts)
    minutes = counted_minutes(limit.start, end, limit.calendar, still)
    if percent == 100 or not minutes:
        assert moment == due(*facts).due_at
        return
    share = len(minutes) * percent / 100
    at = moment_of(minutes[max(-int(-share // 1), 1) - 1], limit.calendar)
    seconds = round((share % 1 or 1) * 60, 6)
    assert moment == at + timedelta(seconds=seconds)


@pytest.mark.parametrize("unit", Unit)
@law(100)
@given(limits(running=False))
def test_the_whole_share_is_the_end_and_a_larger_share_comes_later(unit, limit):
    facts, *_ = ended(limit, unit)
    moments = [percent_from(percent, *facts) for percent in (10, 50, 90, 100, 101, 150, 200)]
    assert moments[3] == due(*facts).due_at
    assert in_order(moments)


@pytest.mark.parametrize("unit", Unit)
@law(300)
@given(limits(running=False), st.integers(0, 12), st.sampled_from(HOUR_OR_DAY))
def test_over_by_so_much_is_counted_from_the_day_on_which_it_really_ended(unit, limit, more, of):
    facts, still, end = ended(limit, unit)
    assert over_from(Budget(more, of), *facts) == moment_of(
        oracle_after(end, Budget(more, of), limit.calendar, still), limit.calendar
    )


@pytest.mark.parametrize("unit", Unit)
@law(100)
@given(limits(running=False))
def test_the_rungs_come_in_order(unit, limit):
    """A warning is never behind the end, a smaller threshold never before a larger one, nothing before the start."""
    facts, *_ = ended(limit, unit)
    end = due(*facts).due_at
    for rung in (warn_from, warn_hours):
        warnings = [rung(left, *facts) for left in (20, 5, 2, 1, 0)]
        assert in_order(warnings)
        assert limit.start <= warnings[0]
        assert warnings[-1] <= max(end, limit.start)
    overs = [over_from(Budget(more), *facts) for more in (0, 1, 2, 5)]
    assert overs[0] == end
    assert in_order(overs)
    assert len(set(overs)) == len(overs)


@law(150)
@given(limits())
def test_while_it_stands_still_a_limit_has_no_rung(limit):
    facts = limit.start, limit.of(Unit.WORKING_DAY), limit.calendar, limit.pauses, limit.extensions
    stands = due(*facts, moment=limit.moment).due_at is None
    rungs = [
        warn_from(2, *facts, moment=limit.moment),
        warn_hours(2, *facts, moment=limit.moment),
        percent_from(50, *facts, moment=limit.moment),
        over_from(Budget(0), *facts, moment=limit.moment),
    ]
    assert all((rung is None) is stands for rung in rungs)
