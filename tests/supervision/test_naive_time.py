"""Two ways to count the law's time, written apart, agree; the worked examples hold for the naive one too."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.calendar_file import read_arrangement
from halls.domain.office_hours import OfficeHours
from halls.domain.worktime import SHANGHAI, Pause, due, over_from, percent_from, warn_from, warn_hours
from supervision.domain.naive import Almanac, Limit, end_of, later, share_used, warning_in_hours, warning_of
from tests.factories.halls import DATA

YEARS = [read_arrangement(file.read_bytes()) for file in sorted((DATA / "calendar").glob("*.json"))]
ALMANAC = Almanac(
    frozenset(year.year for year in YEARS),
    {day.date: day.kind.value == "makeup" for year in YEARS for day in year.days},
)
CALENDAR = WorkCalendar(
    frozenset(year.year for year in YEARS),
    {day.date: (day.kind, day.name) for year in YEARS for day in year.days},
)


def moment(day, hour=10, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2025-01-24", 5, "2025-02-07"),
        ("2025-01-24", 20, "2025-02-27"),
        ("2025-09-30", 5, "2025-10-14"),
        ("2025-09-30", 10, "2025-10-21"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-02-13", 45, "2026-04-24"),
        ("2026-05-02", 5, "2026-05-11"),
    ],
)
def test_the_worked_examples(start, amount, expected):
    found = end_of(Limit(date.fromisoformat(start), amount, "wd"), ALMANAC)
    assert (found.day.isoformat(), found.is_provisional) == (expected, False)


def test_a_special_procedure_does_not_count():
    limit = Limit(date(2026, 3, 2), 10, "wd", [(date(2026, 3, 5), date(2026, 3, 11))])
    assert end_of(limit, ALMANAC).day == date(2026, 3, 20)


def test_an_unpublished_year_makes_the_date_provisional():
    assert end_of(Limit(date(2026, 12, 28), 5, "wd"), ALMANAC).is_provisional
    assert not end_of(Limit(date(2026, 12, 21), 5, "wd"), ALMANAC).is_provisional


days = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 3, 31))
budgets = st.one_of(
    st.builds(Budget, st.integers(0, 60), st.sampled_from(["wd", "cd", "wh"])),
    st.builds(Budget, st.integers(1, 14), st.just("mo")),
    st.builds(Budget, st.just(1), st.just("y")),
)
gaps = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 12), st.integers(0, 12)), max_size=3)


@st.composite
def paused_limits(draw):
    """A limit with pauses one after the other, some of them longer than they were granted."""
    start, budget = draw(days), draw(budgets)
    begun = moment(start, draw(st.integers(0, 23)), draw(st.sampled_from([0, 29, 30, 59])))
    pauses, here = [], start
    for before, lasts, granted in draw(gaps):
        first = here + timedelta(days=before)
        here = first + timedelta(days=lasts)
        pauses.append(Pause(first, here, first + timedelta(days=granted)))
    return begun, budget, pauses


OFFICES: list[tuple[tuple[time, time], ...]] = [
    tuple(ALMANAC.office),
    ((time(9), time(12)), (time(13), time(17))),
    ((time(8, 30), time(16)),),
]
COUNTIES = [(replace(ALMANAC, office=office), replace(CALENDAR, hours=OfficeHours(office))) for office in OFFICES]


@settings(max_examples=1000, deadline=None)
@given(
    paused_limits(),
    st.lists(budgets, max_size=2),
    st.sampled_from(COUNTIES),
    st.integers(0, 5),
    st.integers(0, 9),
    st.integers(0, 210),
)
def test_both_ways_of_counting_agree(limit, extensions, county, more, left, percent):
    start, budget, pauses = limit
    almanac, calendar = county
    lasts = [(pause.start, max(pause.start, min(pause.end, pause.granted_until))) for pause in pauses]
    extended = [(extension.amount, extension.unit.value) for extension in extensions]
    naive = Limit(start.date(), budget.amount, budget.unit.value, lasts, start, extended)
    facts = start, budget, calendar, pauses, extensions
    fast = due(*facts)
    found = end_of(naive, almanac)
    assert (found.day, found.at, found.is_provisional) == (fast.due_on, fast.due_at, fast.provisional)
    for unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.WORKING_HOUR):
        assert later(found, more, naive, almanac, unit.value) == over_from(Budget(more, unit), *facts)
    assert warning_of(naive, left, start, almanac) == warn_from(left, *facts)
    assert warning_in_hours(naive, left, almanac) == warn_hours(left, *facts)
    assert share_used(naive, percent, almanac) == percent_from(percent, *facts)
