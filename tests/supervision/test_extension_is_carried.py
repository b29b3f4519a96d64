"""What an extension gives belongs to the case: steps that come later have what is left of it."""

from __future__ import annotations

from typing import Any

import pytest

from applications.actions.extend import extend
from applications.models import Application
from applications.selectors.case_page import CaseClocks
from applications.selectors.position import position_of
from applications.selectors.statement import CaseStatements
from applications.selectors.waterfall import promised_waterfall
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.clock.attack import found
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


def extended(county: County, moment: str = "2026-03-04 10:00") -> Application:
    """Ten days from 2 March, and ten more while the bureau examines: the promise ends on 30 March."""
    case = county.accepted(county.bureau_matter(promised=10))
    at(moment)
    case = extend(case.pk, actor=county.actor("bureau_approver"), days=10, reason="需要现场核实", was_told=True)
    assert due_on(case, "promised") == "2026-03-30"
    return case


def due_on(case: Application, kind: str) -> str:
    due_at = clock_of(case, kind).due_at
    assert due_at is not None
    return day_of(due_at).isoformat()


def test_the_step_behind_the_extended_one_has_what_was_left_of_it(county: County) -> None:
    case = extended(county)
    assert due_on(case, "step") == "2026-03-23"  # one day left over, four of its own, ten more
    at("2026-03-11 10:00")
    case = county.passed_on(case, "bureau_examiner")
    step = clock_of(case, "step")
    assert (step.amount, step.carried) == (13, 8)  # five of its own, and 1 + 4 + 10 less the seven used
    assert due_on(case, "step") == "2026-03-30"
    at("2026-03-31 00:01")
    sweep()
    assert not LimitWarning.objects.filter(clock=step, effective_at__lt=clock_of(case, "promised").due_at).exclude(
        level="warning"
    )
    assert (found(), prove_lights().differences) == (set(), ())


def test_a_case_sent_back_takes_the_extension_along(county: County) -> None:
    case = extended(county)
    at("2026-03-05 10:00")
    county.passed_on(case, "bureau_examiner")
    at("2026-03-06 10:00")
    case = county.stepped_back(case, "bureau_approver")
    assert clock_of(case, "step").carried == 7  # 1 + 10 less the four used


def test_days_that_were_not_left_over_are_not_handed_on(county: County) -> None:
    case = extended(county)
    at("2026-03-25 10:00")  # the seventeenth day: step 2 is two days over
    case = county.passed_on(case, "bureau_examiner")
    step = clock_of(case, "step")
    assert (step.amount, step.carried) == (5, 0)


def test_an_extension_that_came_when_the_promise_was_broken_hands_nothing_on(county: County) -> None:
    desk = {"level": "county", "actor": county.bureau.organ}
    steps: list[dict[str, Any]] = [
        {"kind": "accept"},
        {"kind": "review", "days": 2, **desk},
        {"kind": "decide", "days": 2, **desk},
    ]
    matter = county.matter(promised=5, steps=steps, statutory_amount=20, statutory_unit="wd")
    case = county.accepted(matter)
    at("2026-03-10 10:00")  # the promise ended on the 9th; the limit of the law runs on
    case = extend(case.pk, actor=county.actor("bureau_approver"), days=10, reason="需要现场核实", was_told=True)
    case = county.passed_on(case, "bureau_examiner")
    assert (clock_of(case, "step").amount, clock_of(case, "step").carried) == (2, 0)


def test_the_waterfall_counts_the_extension_as_given(county: County) -> None:
    case = extended(county)
    at("2026-03-11 10:00")
    case = county.passed_on(case, "bureau_examiner")
    moment = read_moment()
    statements = CaseStatements(case, moment)
    promised = statements.find(clock_of(case, "promised").pk)
    assert promised is not None
    examined, decided = promised.shares
    assert (examined.own, examined.carried, examined.used, examined.over) == (14, 1, 7, 0)
    assert (examined.handed_on, decided.carried) == (8, 8)
    drawn = promised_waterfall(position_of(case), CaseClocks(case, moment), case.accept_path)
    assert [row["over"] for row in drawn["rows"]] == [0, 0]
    step = next(one for one in statements.all() if one.kind == "step" and one.step_seq == 2)
    assert [share.over for share in step.shares] == [0]
