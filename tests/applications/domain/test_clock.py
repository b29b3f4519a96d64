"""Clocks: budget and facts in, dates out."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.card_rules import Rule
from applications.domain.clock import ClockFacts, Fact, derive, granted_until, step_budget
from applications.domain.rule_file import read_sheet
from applications.domain.transitions import ClockKind, ClockMove
from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import SHANGHAI

DATA = Path(__file__).resolve().parents[3] / "data"
START, PAUSE, RESUME, STOP = ClockMove.START, ClockMove.PAUSE, ClockMove.RESUME, ClockMove.STOP


def calendar() -> WorkCalendar:
    special: dict[date, tuple[str, str]] = {}
    years: list[int] = []
    for path in sorted((DATA / "calendar").glob("20*.json")):
        year = json.loads(path.read_text(encoding="utf-8"))
        years.append(year["year"])
        special |= {date.fromisoformat(d["date"]): (d["kind"], d["name"]) for d in year["days"]}
    return WorkCalendar(frozenset(years), special)


CALENDAR = calendar()


def preset(code: str) -> tuple[Rule, ...]:
    sheets = {
        name: read_sheet(json.loads((DATA / "card_rules" / f"{name}.json").read_text(encoding="utf-8")))
        for name in ("default", code)
    }
    return tuple(entry.rule for entry in sheets[code].completed_by(sheets["default"]).entries)


RULES = preset("default")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clock(kind: ClockKind, days: int, *facts: tuple[ClockMove, str], granted: str = "", **more) -> ClockFacts:
    until = date.fromisoformat(granted) if granted else None
    ledger = tuple(Fact(m, at(t), until if m is PAUSE else None) for m, t in facts)
    return ClockFacts(kind, Budget(days), ledger, **more)


def day(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat() if moment else "none"


def test_a_promise_of_ten_days_warns_two_days_before_and_is_yellow_when_it_is_over() -> None:
    dates = derive(clock(ClockKind.PROMISED, 10, (START, "2026-03-02T10:00")), CALENDAR, RULES)
    assert (day(dates.due_at), day(dates.warn_at), day(dates.yellow_at)) == ("2026-03-16", "2026-03-12", "2026-03-16")
    assert dates.red_at is None, "the statutory clock behind it carries the red card"
    assert dates.next_action_at == dates.warn_at


def test_a_promise_that_stands_alone_is_red_three_days_later() -> None:
    dates = derive(clock(ClockKind.PROMISED, 10, (START, "2026-03-02T10:00"), is_alone=True), CALENDAR, RULES)
    assert day(dates.red_at) == "2026-03-19"


def test_a_promise_of_one_day_does_not_start_in_its_warning() -> None:
    """Trap 3: a limit of one day begins green; its warning is its own day."""
    dates = derive(clock(ClockKind.PROMISED, 1, (START, "2026-03-02T10:00")), CALENDAR, RULES)
    assert day(dates.warn_at) == day(dates.due_at) == "2026-03-03"


def test_a_special_procedure_moves_the_promise_by_its_working_days() -> None:
    facts = ((START, "2026-03-02T10:00"), (PAUSE, "2026-03-05T09:00"), (RESUME, "2026-03-11T16:00"))
    dates = derive(clock(ClockKind.PROMISED, 10, *facts, granted="2026-03-31"), CALENDAR, RULES)
    assert day(dates.due_at) == "2026-03-20"


def test_a_pause_longer_than_granted_counts_again() -> None:
    facts = ((START, "2026-03-02T10:00"), (PAUSE, "2026-03-05T09:00"), (RESUME, "2026-03-11T16:00"))
    dates = derive(clock(ClockKind.PROMISED, 10, *facts, granted="2026-03-09"), CALENDAR, RULES)
    assert day(dates.due_at) == "2026-03-18"


def test_a_paused_clock_has_no_dates_and_cannot_be_overdue() -> None:
    facts = ((START, "2026-03-02T10:00"), (PAUSE, "2026-03-05T09:00"))
    dates = derive(clock(ClockKind.PROMISED, 10, *facts, granted="2026-03-31"), CALENDAR, RULES)
    assert (dates.due_at, dates.warn_at, dates.next_action_at) == (None, None, None)


def test_a_clock_stopped_in_time_has_nothing_left_to_do() -> None:
    facts = ((START, "2026-03-02T10:00"), (STOP, "2026-03-10T09:00"))
    assert derive(clock(ClockKind.PROMISED, 10, *facts), CALENDAR, RULES).next_action_at is None


def test_a_clock_stopped_late_still_owes_the_rungs_it_passed() -> None:
    """Trap 4 and attack C16: finished late stays late, although no sweep ran."""
    facts = ((START, "2026-03-02T10:00"), (STOP, "2026-03-17T09:00"))
    dates = derive(clock(ClockKind.PROMISED, 10, *facts), CALENDAR, RULES)
    assert dates.next_action_at == dates.warn_at
    assert dates.yellow_at is not None
    assert dates.yellow_at < at("2026-03-17T09:00")


def test_the_next_year_is_provisional_until_it_is_published() -> None:
    dates = derive(clock(ClockKind.ACCEPTANCE, 5, (START, "2026-12-28T10:00")), CALENDAR, RULES)
    assert dates.is_provisional


def test_making_and_delivering_is_red_after_the_ten_days_of_the_law() -> None:
    dates = derive(clock(ClockKind.DELIVERY, 3, (START, "2026-09-30T15:00")), CALENDAR, RULES)
    assert day(dates.red_at) == "2026-10-20"


def test_a_step_is_red_after_twice_its_own_slice_and_what_was_carried_is_not_doubled() -> None:
    step = clock(ClockKind.STEP, 5, (START, "2026-03-02T10:00"), carried=3)
    dates = derive(step, CALENDAR, RULES)
    assert (day(dates.due_at), day(dates.red_at)) == ("2026-03-09", "2026-03-11")


def test_a_public_notice_of_seven_days_may_end_on_a_sunday() -> None:
    started = at("2026-03-01T10:00")
    assert granted_until(started, Budget(7, Unit.CALENDAR_DAY), CALENDAR) == date(2026, 3, 8)
    special = ClockFacts(ClockKind.SPECIAL, Budget(7, Unit.CALENDAR_DAY), (Fact(START, started),))
    # The publicity lasts through Sunday; to conclude it the organ has the Monday.
    assert day(derive(special, CALENDAR, RULES).due_at) == "2026-03-09"


@pytest.mark.parametrize(
    ("slice_days", "before", "used", "budget", "carried"),
    [
        (4, 2, 0, 6, 2),  # both earlier days unused: handed on
        (4, 2, 2, 4, 0),
        (4, 2, 9, 4, 0),  # the step before was late: this one is not blamed
        (0, 3, 1, 2, 2),  # a special step has no slice but may use what is left
        (0, 3, 3, 1, 0),  # and always a day to begin
    ],
)
def test_unused_days_are_handed_on_and_lateness_is_not(
    slice_days: int, before: int, used: int, budget: int, carried: int
) -> None:
    assert step_budget(slice_days, before, used) == (Budget(budget), carried)


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=6),
    st.lists(st.integers(0, 8), min_size=6, max_size=6),
    st.dates(date(2024, 1, 1), date(2026, 6, 1)),
)
def test_steps_that_keep_their_time_never_break_the_promise(slices: list[int], uses: list[int], first: date) -> None:
    """The sum of the slices is the promise: whoever stays inside the own clock stays inside the whole."""
    promised = ClockFacts(
        ClockKind.PROMISED,
        Budget(sum(slices)),
        (Fact(START, datetime(first.year, first.month, first.day, 10, tzinfo=SHANGHAI)),),
    )
    whole = derive(promised, CALENDAR, ()).due_at
    moment, before = promised.started_at, 0
    for own, use in zip(slices, uses, strict=False):
        used = promised.days_used(moment, CALENDAR)
        budget, _carried = step_budget(own, before, used)
        step = ClockFacts(ClockKind.STEP, budget, (Fact(START, moment),))
        end = derive(step, CALENDAR, ()).due_at
        assert end is not None
        assert whole is not None
        assert end <= whole
        days = min(use, budget.amount)
        while step.days_used(moment, CALENDAR) < days:
            moment += timedelta(days=1)
        before += own


def test_an_immediate_matter_does_not_begin_in_its_warning() -> None:
    """Trap 3: a limit of the same day has no day before it to warn on."""
    dates = derive(clock(ClockKind.PROMISED, 0, (START, "2026-03-02T10:00")), CALENDAR, RULES)
    assert (day(dates.due_at), dates.warn_at) == ("2026-03-02", None)
