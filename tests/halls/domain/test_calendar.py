"""Which day is a working day, and counting working days."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from halls.domain.calendar import NO_CALENDAR, DayKind, SpecialDay, WorkCalendar
from halls.domain.errors import Invalid
from halls.domain.worktime import start_of

EVERY_DAY = [date(2018, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2018, 1, 1)).days)]


def test_two_independent_libraries_agree_with_our_data_on_every_day_from_2018_to_2026(county):
    other = holidays.country_holidays("CN", years=range(2017, 2028))
    assert all(county.is_published(year) for year in range(2018, 2027))
    assert len(EVERY_DAY) == 3287
    ours = {day for day in EVERY_DAY if county.is_working(day)}
    assert ours == {day for day in EVERY_DAY if chinese_calendar.is_workday(day)}
    assert ours == {day for day in EVERY_DAY if other.is_working_day(day)}


@pytest.mark.parametrize("year", [2025, 2026])
def test_2025_and_2026_have_248_working_days_each(county, year):
    assert county.working_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        ("2026-02-13", True, "工作日"),
        ("2026-02-14", True, "调休上班·春节"),
        ("2026-02-15", False, "法定节假日·春节"),
        ("2026-02-17", False, "法定节假日·春节"),
        ("2026-03-07", False, "周末"),
        ("2025-10-06", False, "法定节假日·中秋节"),
        ("2020-10-01", False, "法定节假日·国庆节、中秋节"),
        ("2018-12-29", True, "调休上班·元旦"),
        ("2018-12-31", False, "法定节假日·元旦"),
    ],
)
def test_every_day_says_why_it_counts_or_not(county, day, working, why):
    assert county.is_working(date.fromisoformat(day)) is working
    assert county.why(date.fromisoformat(day)) == why


@pytest.mark.parametrize(
    ("year", "off"),
    [
        (2024, {"01-01", "05-01", "10-01", "10-02", "10-03"}),
        (2025, {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}),
        (2029, {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}),
    ],
)
def test_an_unpublished_year_has_weekends_and_the_statutory_days_with_fixed_dates(year, off):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    for day in days:
        assert NO_CALENDAR.is_working(day) == (day.weekday() < 5 and f"{day:%m-%d}" not in off), day
    assert NO_CALENDAR.why(date(year, 10, 2)) == "法定节假日·国庆节"


def test_a_special_day_of_an_unpublished_year_is_believed():
    """The notice for 2027 may order days of December 2026."""
    calendar = WorkCalendar(frozenset({2027}), {date(2026, 12, 26): SpecialDay(DayKind.MAKEUP, "元旦")})
    assert calendar.is_working(date(2026, 12, 26))
    assert not calendar.is_published(2026)


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-15", 1, "2026-02-24"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-20", -1, "2026-02-14"),
        ("2026-02-20", -2, "2026-02-13"),
        ("2026-02-14", 0, "2026-02-14"),
        ("2026-02-15", 0, "2026-02-24"),
    ],
)
def test_shifting_counts_working_days_and_never_the_day_itself(county, day, number, expected):
    assert county.shift_working(date.fromisoformat(day), number) == date.fromisoformat(expected)


def test_counting_works_far_outside_the_published_years_and_stays_consistent(county):
    near, far, old = date(2026, 1, 5), date(2150, 6, 1), date(1995, 6, 1)
    before = county.number(near)
    there = county.working_between(near, far)
    back = county.working_between(near, old)
    assert county.number(near) == before, "growing the table must not renumber days"
    assert county.shift_working(near, there) == county.shift_working(date(2150, 5, 31), 1)
    assert back < 0
    assert county.working_between(old, far) == there - back


def test_a_date_outside_the_range_is_refused_and_not_counted_for_ever(county):
    with pytest.raises(Invalid, match="date_out_of_range"):
        county.shift_working(date(2026, 1, 5), 99_999)
    with pytest.raises(Invalid, match="date_out_of_range"):
        county.is_working(date(1800, 1, 1))


def test_a_moment_is_not_taken_for_a_day(county):
    with pytest.raises(TypeError):
        county.is_working(start_of(date(2026, 1, 5)))


def test_a_calendar_cannot_be_changed_from_outside():
    days = {date(2026, 3, 2): ("holiday", "试")}
    calendar = WorkCalendar(frozenset({2026}), days)
    days.clear()
    assert not calendar.is_working(date(2026, 3, 2))
    with pytest.raises(TypeError):
        calendar.special[date(2026, 3, 3)] = ("holiday", "试")  # type: ignore[index]
