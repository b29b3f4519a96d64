"""C09: the promise of the matter is raised after a case was accepted."""

import pytest

from applications.actions.recalculate import recalculate
from halls.acting import system_actor
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import blocked_as_application, found, run
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


def test_a_running_case_keeps_what_it_was_promised(county: County) -> None:
    matter = county.matter(promised=5)
    case = county.accepted(matter)
    due = case.due_at
    with unguarded("matters_matterversion"):
        run("UPDATE matters_matterversion SET promised_days = 30, statutory_amount = 60")
    at("2026-03-03 10:00")
    assert recalculate(case.pk, actor=system_actor(), ground={"reason": "承诺改了"}) is None
    case = county.passed_on(case, "examiner0") if case.step_kind == "review" else case
    case.refresh_from_db()
    assert (case.due_at, clock_of(case, "promised").amount) == (due, 5)
    assert prove_lights().differences == ()
    assert found() == {"measure"}  # the clock keeps its amount, and the night sees that the guide in use was rewritten


def test_the_amount_of_a_clock_and_the_guide_of_a_case_stay(county: County) -> None:
    county.accepted(county.matter(promised=5))
    other = county.matter(promised=30)
    assert other.current_id is not None
    blocked_as_application("UPDATE applications_clock SET amount = 30")
    blocked_as_application("UPDATE applications_application SET guide_id = %s", other.current_id)
