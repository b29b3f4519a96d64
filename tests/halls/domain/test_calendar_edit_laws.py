"""What an edit of the calendar, of the office hours or of a limit may do to its end, and what it never may."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.office_hours import OfficeHours
from halls.domain.worktime import Pause, due, over_from, percent_from, warn_from
from tests.halls.domain.oracle import CALENDARS, DAYS, LAST, Drawn, Special, edited, invented_days, limits, works
from tests.halls.domain.test_worktime_laws import law

LONG, SHORT = OfficeHours(((time(7), time(20)),)), OfficeHours(((time(9), time(10)),))
NEARLY_ALL = DAYS[: (LAST - DAYS[0]).days]


def with_more_days_off(calendar: WorkCalendar, seed: int) -> WorkCalendar:
    chance = random.Random(seed)
    off = {day: ("holiday", "加") for day in NEARLY_ALL if works(day, calendar) and chance.random() < 0.04}
    return edited(calendar, {**calendar.special, **off})


def with_more_make_up_days(calendar: WorkCalendar, seed: int) -> WorkCalendar:
    chance = random.Random(seed)
    worked = {day: ("makeup", "加") for day in NEARLY_ALL if not works(day, calendar) and chance.random() < 0.1}
    return edited(calendar, {**calendar.special, **worked})


def wholly_published(calendar: WorkCalendar, seed: int) -> WorkCalendar:
    """Publish every missing year, its notice reaching as far into the December before as any ever did."""
    chance = random.Random(seed)
    special: Special = {}
    missing = [year for year in range(2018, 2037) if year not in calendar.published]
    for year in missing:
        first = date(year - 1, 12, 29)
        ordered = {day: found for day, found in invented_days(chance, year).items() if day.year == year}
        eve = {first + timedelta(days=n): (chance.choice(["holiday", "makeup"]), "元旦") for n in range(3)}
        kept = {day: kind for day, kind in eve.items() if chance.random() < 0.7}
        special |= kept | ordered
    before = {day: found for day, found in calendar.special.items() if _stays(day, missing)}
    return edited(calendar, {**before, **special}, published=frozenset(range(2018, 2037)))


def _stays(day: date, missing: list[int]) -> bool:
    return day.year not in missing and not (day.year + 1 in missing and (day.month, day.day) >= (12, 29))


EDITS = {
    "off": [(calendar, with_more_days_off(calendar, seed)) for seed, calendar in enumerate(CALENDARS)],
    "worked": [(calendar, with_more_make_up_days(calendar, seed)) for seed, calendar in enumerate(CALENDARS)],
    "published": [(calendar, wholly_published(calendar, seed)) for seed, calendar in enumerate(CALENDARS)],
    "open longer": [(calendar, replace(calendar, hours=LONG)) for calendar in CALENDARS],
    "open an hour": [(calendar, replace(calendar, hours=SHORT)) for calendar in CALENDARS],
}
places = st.integers(0, len(CALENDARS) - 1)


def facts_of(limit: Drawn, unit: Unit, calendar: WorkCalendar):
    return limit.start, limit.of(unit), calendar, limit.pauses, limit.extensions


def end_of(limit: Drawn, unit: Unit, calendar: WorkCalendar) -> datetime:
    """Return when a limit ends that does not stand still."""
    due_at = due(*facts_of(limit, unit, calendar)).due_at
    assert due_at is not None
    return due_at


@pytest.mark.parametrize("unit", Unit)
@law(100)
@given(limits(running=False), places)
def test_a_day_more_off_never_makes_a_limit_end_earlier(unit, limit, place):
    before, after = (end_of(limit, unit, calendar) for calendar in EDITS["off"][place])
    assert after >= before


@pytest.mark.parametrize("unit", Unit)
@law(100)
@given(limits(running=False), places)
def test_a_day_more_worked_never_makes_a_limit_end_later(unit, limit, place):
    before, after = (end_of(limit, unit, calendar) for calendar in EDITS["worked"][place])
    assert after <= before


@pytest.mark.parametrize("unit", Unit)
@law(200)
@given(limits(running=False), places)
def test_an_end_that_is_not_provisional_is_moved_by_no_notice_still_to_come(unit, limit, place):
    calendar, published = EDITS["published"][place]
    before, after = due(*facts_of(limit, unit, calendar)), due(*facts_of(limit, unit, published))
    assert not after.provisional
    if not before.provisional:
        assert (after.due_at, after.due_on) == (before.due_at, before.due_on)


@pytest.mark.parametrize("unit", Unit)
@law(100)
@given(limits(running=False), places)
def test_an_end_is_provisional_only_when_a_year_it_can_lean_on_is_missing(unit, limit, place):
    calendar = EDITS["published"][place][0]
    result = due(*facts_of(limit, unit, calendar))
    assert result.due_on is not None
    near = set(range(limit.start.year, result.due_on.year + 1))
    if (result.due_on.month, result.due_on.day) >= (12, 29):
        near.add(result.due_on.year + 1)
    assert not result.provisional or near - calendar.published


@pytest.mark.parametrize("unit", Unit)
@law(100)
@given(limits(running=False), st.integers(0, 30), st.integers(0, 30))
def test_more_time_excluded_or_granted_never_makes_a_limit_end_earlier(unit, limit, longer, extra):
    before = end_of(limit, unit, limit.calendar)
    stretched = [Pause(p.start, p.end + timedelta(days=longer), p.granted_until) for p in limit.pauses]
    assert end_of(limit._replace(pauses=stretched), unit, limit.calendar) >= before
    granted = [*limit.extensions, Budget(extra)]
    assert end_of(limit._replace(extensions=granted), unit, limit.calendar) >= before


@pytest.mark.parametrize("unit", [Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY])
@law(100)
@given(limits(running=False), st.integers(0, 5000))
def test_what_begins_later_never_ends_earlier(unit, limit, later):
    of_days = [e for e in limit.extensions if e.unit not in (Unit.MONTH, Unit.YEAR)]
    first = limit._replace(extensions=of_days)
    second = first._replace(start=limit.start + timedelta(minutes=later))
    assert end_of(second, unit, limit.calendar) >= end_of(first, unit, limit.calendar)


@law(200)
@given(limits(running=False), st.integers(0, 40))
def test_a_pause_that_covers_only_days_off_moves_nothing(limit, amount):
    """Trap 8. Neither the end nor a rung."""
    days, calendar, budget = limit.start.date(), limit.calendar, Budget(amount)
    friday = next(
        day
        for day in (days + timedelta(days=n) for n in range(60))
        if works(day, calendar) and not works(day + timedelta(days=1), calendar)
    )
    monday = next(day for day in (friday + timedelta(days=n) for n in range(1, 90)) if works(day, calendar))
    weekend = Pause(friday, monday - timedelta(days=1))
    plain, paused = (limit.start, budget, calendar), (limit.start, budget, calendar, [weekend])
    if due(*plain).due_on == friday:
        return  # paused on its last day it ends behind the pause
    assert due(*paused) == due(*plain)
    assert warn_from(2, *paused) == warn_from(2, *plain)
    for before, after in (
        (over_from(Budget(3), *plain), over_from(Budget(3), *paused)),
        (percent_from(50, *plain), percent_from(50, *paused)),
    ):
        assert before is not None
        assert after is not None
        assert before.date() == after.date() or (before.date(), after.date()) == (friday, weekend.end)


@law(150)
@given(limits(running=False), places)
def test_an_office_that_is_open_longer_never_makes_a_limit_in_hours_end_later(limit, place):
    usual, longer = EDITS["open longer"][place]
    plain = limit._replace(pauses=[], extensions=[])
    assert end_of(plain, Unit.WORKING_HOUR, longer) <= end_of(plain, Unit.WORKING_HOUR, usual)


@law(150)
@given(limits(), places)
def test_the_office_hours_move_no_limit_in_days(limit, place):
    days = [e for e in limit.extensions if e.unit is not Unit.WORKING_HOUR]
    for unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH):
        plain = limit._replace(extensions=days)
        here, there = (due(*facts_of(plain, unit, calendar)) for calendar in EDITS["open an hour"][place])
        assert here == there
