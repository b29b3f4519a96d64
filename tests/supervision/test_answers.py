"""T9 to T12: what is owed to whoever asks, complains, rates or orders, on the days of the law."""

from datetime import date, datetime

import pytest

from applications.domain.clock import derive
from applications.domain.transitions import CASE_CLOCKS, ClockKind
from halls.domain.calendar import WorkCalendar
from halls.domain.calendar_file import read_arrangement
from halls.domain.errors import Invalid, Refused
from halls.domain.worktime import SHANGHAI, day_of
from supervision.domain.answers import LIMITS, answered, asked, given_longer
from tests.factories.halls import DATA

YEARS = [read_arrangement((DATA / "calendar" / f"{year}.json").read_bytes()) for year in (2025, 2026)]
CALENDAR = WorkCalendar(
    frozenset(year.year for year in YEARS),
    {day.date: (day.kind.value, day.name) for year in YEARS for day in year.days},
)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "at", "due"),
    [
        (ClockKind.INQUIRY, "2026-02-13 10:00", "2026-02-27"),
        (ClockKind.COMPLAINT, "2026-09-30 17:00", "2026-10-10"),
        (ClockKind.RATING_CONTACT, "2026-04-30 09:00", "2026-05-06"),
        (ClockKind.RATING_RECTIFY, "2026-05-02 20:00", "2026-05-11"),
        (ClockKind.ORDER, "2026-09-18 09:00", "2026-09-24"),
    ],
)
def test_each_has_its_working_days(kind: ClockKind, at: str, due: str) -> None:
    ends = derive(asked(kind, shanghai(at)), CALENDAR, ()).due_at
    assert ends is not None
    assert day_of(ends) == date.fromisoformat(due)


def test_a_complaint_may_take_fifteen_days_once() -> None:
    clock = asked(ClockKind.COMPLAINT, shanghai("2026-03-02 10:00"))
    longer = given_longer(clock, shanghai("2026-03-04 10:00"), 12)
    ends = derive(longer, CALENDAR, ()).due_at
    assert ends is not None
    assert day_of(ends) == date(2026, 3, 23)
    with pytest.raises(Invalid, match="days_out_of_range"):
        given_longer(clock, shanghai("2026-03-04 10:00"), 13)
    with pytest.raises(Refused, match="not_extendable"):
        given_longer(longer, shanghai("2026-03-05 10:00"), 1)
    with pytest.raises(Refused, match="not_extendable"):
        given_longer(asked(ClockKind.ORDER, shanghai("2026-03-02 10:00")), shanghai("2026-03-03 10:00"), 1)


def test_an_answer_ends_it_and_only_once() -> None:
    clock = answered(asked(ClockKind.INQUIRY, shanghai("2026-03-02 10:00")), shanghai("2026-03-03 10:00"))
    assert derive(clock, CALENDAR, ()).next_action_at is None
    with pytest.raises(Refused, match="answered_already"):
        answered(clock, shanghai("2026-03-04 10:00"))


def test_no_kind_is_without_a_limit() -> None:
    assert set(LIMITS) == set(ClockKind) - set(CASE_CLOCKS)
