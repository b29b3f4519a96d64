"""What a clock was started with holds to its end: the rules of its department, the working days of its pause."""

from datetime import date, datetime

import pytest

from applications.actions.extend import extend
from applications.actions.propose_rules import Reach, confirm_rules, propose_rules
from applications.actions.recalculate import recalculate
from applications.actions.resume import resume
from applications.domain.lifecycle import Status
from applications.models import Application, Clock, Event
from applications.selectors.ledger import prove_ledger
from applications.selectors.rule_presets import preset
from applications.selectors.rules import forget_rules
from applications.selectors.rung_rules import rule_behind
from halls.domain.duties import PostKind
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import read_moment
from matters.models import Matter
from supervision.actions.prove_lights import prove_lights
from supervision.actions.settle_calendar import settle_calendar
from supervision.actions.sweep import sweep
from tests.factories.calendar import load_days
from tests.factories.halls import DepartmentFactory, person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db


def stored(case):
    names = ("kind", "due_at", "warn_at", "yellow_at", "red_at")
    return list(Clock.objects.filter(application=case).order_by("pk").values_list(*names))


# --- the rules of the department ----------------------------------------------------------------------------------


@pytest.fixture
def ruled(county):
    """The bureau has rules of its own from 9 March on; another bureau is there, and a matter may move to it."""
    first, second = (person_in_post(PostKind.SUPERVISOR, county.hall) for _ in range(2))
    county.people |= {"first": first, "second": second}
    county.other = DepartmentFactory(hall=county.hall, name="另一局")
    reach = Reach(date(2026, 3, 9), department_code=county.bureau.code)
    proposed = propose_rules(preset("enshi"), reach, actor=county.actor("first"), reason="按州里的制度执行")
    confirm_rules(proposed.pk, actor=county.actor("second"), digest=proposed.digest)
    forget_rules()
    at("2026-03-09 09:00")
    return county


def move_away(county, case):
    """As import_matters does it when the catalogue names another department."""
    Matter.objects.filter(pk=case.matter_id).update(department=county.other)


def test_a_matter_that_moves_to_another_department_leaves_running_clocks_under_their_rules(ruled):
    case = ruled.accepted(ruled.matter(promised=10))
    before, behind = stored(case), rule_behind(clock_of(case, "promised"), "yellow", case)
    move_away(ruled, case)
    case = Application.objects.get(pk=case.pk)
    assert rule_behind(clock_of(case, "promised"), "yellow", case) == behind
    assert prove_lights().differences == ()
    assert recalculate(case.pk, actor=ruled.actor("system"), ground={}) is None
    at("2026-03-10 09:00")
    extend(case.pk, actor=ruled.actor("approver0"), days=5, reason="需要核查", was_told=True)
    assert prove_lights().differences == ()
    assert stored(case) != before  # the extension moved them, under the old rules
    later = ruled.accepted(Matter.objects.get(pk=case.matter_id))
    assert clock_of(later, "promised").department_id == ruled.other.pk
    assert prove_lights().differences == ()
    assert prove_ledger().faults == []


def test_a_department_written_into_a_clock_by_hand_is_found(ruled):
    case = ruled.accepted(ruled.matter(promised=10))
    with unguarded():
        Clock.objects.filter(application=case, kind="promised").update(department=ruled.other)
    assert {fault.code for fault in prove_ledger().faults} == {"clock_changed"}
    assert prove_lights().differences == ()  # it asks the events


def test_a_clock_of_the_time_before_events_named_the_department_is_proved_all_the_same(ruled):
    case = ruled.accepted(ruled.matter(promised=10))
    with unguarded():
        for event in Event.objects.filter(application=case):
            for said in event.detail.get("clocks", ()):
                said.pop("department", None)
            Event.objects.filter(pk=event.pk).update(detail=event.detail)
    move_away(ruled, case)
    assert prove_lights().differences == ()
    assert "clock_changed" not in {fault.code for fault in prove_ledger().faults}


# --- the working days of a pause -----------------------------------------------------------------------------------


def due_on(case) -> date:
    due_at = Application.objects.get(pk=case.pk).due_at
    assert due_at is not None
    return due_at.astimezone(SHANGHAI).date()


def until_of(case):
    until = Application.objects.get(pk=case.pk).paused_until
    return until and until.astimezone(SHANGHAI).date()


def test_a_pause_granted_in_working_days_lasts_as_long_as_the_new_calendar_says(county):
    case = county.suspended(county.special_matter(days=3))  # Monday 2 March: to the 5th
    assert until_of(case) == date(2026, 3, 5)
    load_days(2026, off=["2026-03-04"])
    assert settle_calendar().moved == 1
    assert until_of(case) == date(2026, 3, 6)
    event = Event.objects.filter(application=case, verb="recalculate").get()
    assert [day[:10] for day in event.detail["paused_until"]] == ["2026-03-05", "2026-03-06"]
    assert prove_lights().differences == ()
    at("2026-03-06 00:10")
    assert sweep().resumed == 0
    at("2026-03-07 00:10")
    assert sweep().resumed == 1
    case = Application.objects.get(pk=case.pk)
    assert case.status == Status.IN_PROGRESS
    # Ten working days from the 2nd, without the three of the procedure and the holiday between them.
    assert case.due_at == datetime(2026, 3, 20, 23, 59, 59, tzinfo=SHANGHAI)
    sweep()
    assert prove_lights().differences == ()
    assert prove_ledger().faults == []


def test_a_pause_that_was_over_is_counted_anew_too(county):
    case = county.suspended(county.special_matter(days=3))
    at("2026-03-06 00:10")
    assert sweep().resumed == 1
    due = due_on(case)
    load_days(2026, off=["2026-03-04"])
    settle_calendar()
    assert due_on(case) > due
    assert prove_lights().differences == ()


def test_a_publicity_in_calendar_days_is_moved_by_no_calendar(county):
    case = county.suspended(county.special_matter(days=6, unit="cd"))
    load_days(2026, off=["2026-03-04"])
    settle_calendar()
    assert until_of(case) == date(2026, 3, 8)
    assert prove_lights().differences == ()


def test_a_pause_that_a_person_ended_early_ends_then(county):
    case = county.suspended(county.special_matter(days=5))
    at("2026-03-04 09:00")
    resume(case.pk, actor=county.actor("examiner0"))
    due = due_on(case)
    load_days(2026, off=["2026-03-09"])  # behind the pause as it was, within the days that were granted
    settle_calendar()
    assert due_on(case) == read_moment().calendar.shift_working(due, 1)
    assert prove_lights().differences == ()


def test_the_proof_tells_a_pause_that_was_made_longer_by_hand(county):
    case = county.suspended(county.special_matter(days=3))
    with unguarded():
        Application.objects.filter(pk=case.pk).update(paused_until="2026-03-20T23:59:59+08:00")
    assert {one.field for one in prove_lights().differences} == {"paused_until"}
