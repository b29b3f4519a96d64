"""No warning and no card vanishes behind an extension or a pause, whatever set of rules is in force."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from applications.actions.extend import extend
from applications.actions.propose_rules import Reach, confirm_rules, propose_rules
from applications.actions.resume import resume
from applications.actions.suspend import suspend
from applications.models import Application
from applications.selectors.rule_presets import ORDER, preset
from applications.selectors.rules import forget_rules
from halls.acting import acting_user
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.domain.duties import PostKind
from halls.domain.errors import Refused
from halls.domain.worktime import SHANGHAI
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning, Message
from tests.factories.calendar import with_days
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
# Ten days from 3 March: when each rung is reached that an extension on the last day moves away.
BEFORE_THE_END = {
    "enshi": [("yellow", "03-10 23:59"), ("red", "03-16 23:59")],  # it has no warning
    "guangzhou": [("warning", "03-10 00:00"), ("yellow", "03-16 00:00")],
}


def put_into_force(county: County, code: str) -> County:
    """The rules of this preset govern what starts from 3 March on."""
    first, second = (acting_user(person_in_post(PostKind.SUPERVISOR, county.hall)) for _ in range(2))
    proposed = propose_rules(preset(code), Reach(date(2026, 3, 3)), actor=first, reason="按上级公布的规则执行")
    confirm_rules(proposed.pk, actor=second, digest=proposed.digest)
    forget_rules()
    at("2026-03-03 10:00")
    return county


@pytest.fixture(params=ORDER)
def ruled(county: County, request: pytest.FixtureRequest) -> County:
    return put_into_force(county, request.param)


def extended(county: County, case: Application, moment: str = "2026-03-17 10:00") -> None:
    at(moment)
    extend(case.pk, actor=county.actor("approver0"), days=10, reason="需要现场核实", was_told=True)


def rows(case: Application) -> list[tuple[str, str]]:
    found = LimitWarning.objects.filter(clock=clock_of(case, "promised")).order_by("pk")
    return [(one.level, f"{one.effective_at.astimezone(SHANGHAI):%m-%d %H:%M}") for one in found]


def unproved(case: Application) -> list[str]:
    """The levels of which the night misses a card of the promise."""
    pk = clock_of(case, "promised").pk
    return sorted(one.field for one in prove_lights().differences if one.clock_id == pk)


# --- one after the other ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", BEFORE_THE_END)
def test_cards_before_the_end_stay_when_no_sweep_saw_them(county: County, code: str) -> None:
    case = put_into_force(county, code).accepted(county.matter(promised=10))
    extended(county, case)
    assert rows(case) == BEFORE_THE_END[code]
    at("2026-03-18 09:00")
    sweep()
    assert rows(case) == BEFORE_THE_END[code]
    assert unproved(case) == []


def test_whoever_has_to_hear_of_such_a_card_hears_of_it(county: County) -> None:
    case = put_into_force(county, "enshi").accepted(county.matter(promised=10))
    extended(county, case)
    sweep()
    told = Message.objects.filter(clock=clock_of(case, "promised"), user=county.people["approver0"])
    assert {one.level for one in told} == {"yellow", "red"}
    assert all("补记" in one.words for one in told)


@pytest.mark.parametrize(("code", "times"), [("enshi", (0, 1, 1)), ("guangzhou", (2, 1, 1))])
def test_yellow_and_red_come_once_in_the_life_of_a_clock(
    county: County, code: str, times: tuple[int, int, int]
) -> None:
    case = put_into_force(county, code).accepted(county.matter(promised=10))
    extended(county, case)
    at("2026-05-20 09:00")
    sweep()
    levels = [level for level, _moment in rows(case)]
    assert (levels.count("warning"), levels.count("yellow"), levels.count("red")) == times
    assert unproved(case) == []


@pytest.mark.parametrize("code", BEFORE_THE_END)
def test_the_night_misses_each_card_that_an_extension_moved_away(county: County, code: str) -> None:
    case = put_into_force(county, code).accepted(county.matter(promised=10))
    extended(county, case)
    sweep()
    with unguarded("supervision_limitwarning"):
        LimitWarning.objects.filter(clock=clock_of(case, "promised")).delete()
    assert unproved(case) == sorted(f"card {level}" for level, _moment in BEFORE_THE_END[code])


def test_no_card_is_written_under_a_calendar_that_no_longer_holds_and_the_night_says_so(county: County) -> None:
    """Yellow was reached before the notice; red after it, when the sweep would have moved the case first."""
    case = put_into_force(county, "enshi").accepted(county.matter(promised=10))
    at("2026-03-12 09:00")
    administrator = acting_user(person_in_post(PostKind.ADMINISTRATOR, county.hall))
    draft = draft_of_state(with_days(2026, worked=["2026-05-30"]))
    notice = propose_notice(draft, actor=administrator, reason="补充通知")
    confirm_notice(notice.pk, actor=county.actor("supervisor"), reason="已核对原文")
    extended(county, case)
    assert [level for level, _moment in rows(case)] == ["yellow"]
    sweep()
    assert unproved(case) == ["card red"]


# --- at any moments -------------------------------------------------------------------------------------------------

HOURS = [f"2026-{3 + day // 31:02d}-{day % 31 + 1:02d} {hour:02d}:30" for day in range(3, 59) for hour in (0, 9, 15)]
Act = tuple[str, Callable[[], Any]]


class UndoneError(Exception):
    pass


def written(county: County, acts: Callable[[Application], Sequence[Act]], sweeps: Sequence[str]) -> list[Any]:
    """What a case has of warnings and cards when it went through these acts and sweeps; then nothing has happened."""
    found: list[Any] = []
    try:
        with transaction.atomic():
            at("2026-03-03 10:00")
            case = county.accepted(county.special_matter(days=40, promised=5))
            steps = [*acts(case), *((moment, sweep) for moment in sweeps), ("2026-05-20 09:00", sweep)]
            for moment, act in sorted(steps, key=lambda step: step[0]):
                at(moment)
                act()
            columns = ("clock_kind", "step_seq", "level", "arming", "effective_at", "seat_path")
            warnings = LimitWarning.objects.filter(application=case)
            found = sorted(warnings.values_list(*columns), key=str)
            assert not [one for one in prove_lights().differences if one.field.startswith("card")]
            raise UndoneError
    except UndoneError:
        return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.integers(1, 10),
    moments=st.lists(st.integers(4, 18), min_size=3, max_size=3, unique=True),
    is_extended_first=st.booleans(),
    sweeps=st.lists(st.sampled_from(HOURS), max_size=12),
)
@example(days=5, moments=[7, 11, 14], is_extended_first=True, sweeps=["2026-03-06 09:30"])
@example(days=3, moments=[5, 7, 13], is_extended_first=False, sweeps=[])
@example(days=10, moments=[10, 25, 28], is_extended_first=True, sweeps=["2026-03-10 09:30", "2026-03-20 09:30"])
def test_sweeps_at_any_moments_write_what_one_at_the_end_writes(
    ruled: County, days: int, moments: list[int], is_extended_first: bool, sweeps: list[str]
) -> None:
    def acts(case: Application) -> list[Act]:
        def more() -> None:
            with contextlib.suppress(Refused):  # what is over is not extended
                extend(case.pk, actor=ruled.actor("approver0"), days=days, reason="需要核实", was_told=True)

        def stop() -> None:
            suspend(case.pk, actor=ruled.actor("examiner0"), was_told=True)

        def go_on() -> None:
            resume(case.pk, actor=ruled.actor("examiner0"), note="已经查清")

        order = (more, stop, go_on) if is_extended_first else (stop, go_on, more)
        return [(f"2026-03-{day:02d} 10:00", act) for day, act in zip(sorted(moments), order, strict=True)]

    at_the_end = written(ruled, acts, [])
    assert written(ruled, acts, sweeps) == at_the_end
    event(f"armed {max(row[3] for row in at_the_end)} times")
