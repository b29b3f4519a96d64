"""T9 to T12: what is owed to whoever asks, complains, rates or orders, on the days of the law."""

from datetime import date, datetime

import pytest

from applications.domain.transitions import CASE_CLOCKS, ClockKind
from halls.domain.calendar import WorkCalendar
from halls.domain.calendar_file import read_arrangement
from halls.domain.worktime import SHANGHAI, day_of, due
from supervision.domain.answers import LIMITS
from tests.factories.halls import DATA

YEARS = [read_arrangement((DATA / "calendar" / f"{year}.json").read_bytes()) for year in (2025, 2026)]
CALENDAR = WorkCalendar(
    frozenset(year.year for year in YEARS),
    {day.date: (day.kind.value, day.name) for year in YEARS for day in year.days},
)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "at", "last"),
    [
        (ClockKind.INQUIRY, "2026-02-13 10:00", "2026-02-27"),
        (ClockKind.COMPLAINT, "2026-09-30 17:00", "2026-10-10"),
        (ClockKind.RATING_CONTACT, "2026-04-30 09:00", "2026-05-06"),
        (ClockKind.RATING_RECTIFY, "2026-05-02 20:00", "2026-05-11"),
        (ClockKind.ORDER, "2026-09-18 09:00", "2026-09-24"),
    ],
)
def test_each_has_its_working_days(kind: ClockKind, at: str, last: str) -> None:
    ends = due(shanghai(at), LIMITS[kind], CALENDAR).due_at
    assert ends is not None
    assert day_of(ends) == date.fromisoformat(last)


def test_no_kind_is_without_a_limit() -> None:
    assert set(LIMITS) == set(ClockKind) - set(CASE_CLOCKS)
