"""What time does by itself, and what a head of an organ may do about it: 视为受理、视为撤回、视为无异议、延期、重算."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.deem_accepted import deem_accepted
from applications.actions.deem_consent import deem_consent
from applications.actions.deem_withdrawn import deem_withdrawn
from applications.actions.extend import extend
from applications.actions.pass_on import pass_on
from applications.actions.recalculate import recalculate
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.submit import submit
from applications.actions.suspend import suspend
from applications.actions.tell import tell
from applications.actions.withdraw import withdraw
from applications.domain.identity import IdKind
from applications.domain.lifecycle import Status
from applications.domain.lights import Colour, colour_of
from applications.models import Application, Clock, Document, Event
from halls.acting import system_actor
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.domain.worktime import day_of
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from tests.factories.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
Travel = Callable[[str], datetime]


@pytest.fixture
def walk(seeded) -> Walk:
    return Walk(seeded)


def clock_of(case: Application, kind: str) -> Clock:
    return Clock.objects.filter(application=case, kind=kind).latest("pk")


def due_on(case: Application, kind: str) -> date | None:
    at = clock_of(case, kind).due_at
    return day_of(at) if at else None


# --- 视为受理 ---


def test_silence_accepts_from_the_day_of_receipt(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.received()
    received_at = case.received_at
    travel("2026-03-09 23:59")
    with pytest.raises(Refused, match="not_yet"):
        deem_accepted(case.pk, actor=system_actor())
    travel("2026-03-12 08:00")
    case = deem_accepted(case.pk, actor=system_actor())
    assert case.status == Status.IN_PROGRESS
    assert (case.accepted_at, case.accepted_by, case.accepted_person) == (received_at, None, "")
    promised = clock_of(case, "promised")
    assert (promised.started_at, due_on(case, "promised")) == (received_at, date(2026, 3, 16))
    assert day_of(clock_of(case, "step").started_at) == date(2026, 3, 12)
    paper = Document.objects.get(application=case, kind="acceptance_notice")
    assert paper.content["deemed_since"] == "2026-03-02"
    sweep()
    assert prove_lights().differences == ()


def test_who_accepts_too_late_accepts_from_the_receipt_all_the_same(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.received()
    received_at = case.received_at
    travel("2026-03-20 10:00")
    case = accept(case.pk, walk.all_ok(case), actor=walk.who("township_window"))
    assert case.accepted_at == received_at
    assert due_on(case, "promised") == date(2026, 3, 16)
    assert colour_of(case.status, case.warn_at, case.late_at, travel("2026-03-20 10:01")) == Colour.RED


def test_nobody_presses_what_time_does(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.received()
    travel("2026-03-20 10:00")
    with pytest.raises(NotPermitted, match="by_system_only"):
        deem_accepted(case.pk, actor=walk.who("township_window"))


# --- 视为撤回 ---


def test_a_supplement_that_does_not_come_ends_the_case_only_after_the_villager_was_told(
    walk: Walk, travel: Travel
) -> None:
    travel("2026-03-02 10:00")
    case = walk.received()
    request_correction(case.pk, {1: Finding("missing", "缺申请表")}, actor=walk.who("township_window"), days=5)
    travel("2026-03-10 08:00")
    with pytest.raises(Refused, match="not_told"):
        deem_withdrawn(case.pk, actor=system_actor(), basis="示例条例第三十六条")
    with pytest.raises(Invalid, match="way"):
        tell(case.pk, actor=walk.who("village_clerk"), way="mind-reading", note="想过了")
    with pytest.raises(Invalid, match="note"):
        tell(case.pk, actor=walk.who("village_clerk"), way="phone", note=" ")
    tell(case.pk, actor=walk.who("village_clerk"), way="phone", note="本人接听")
    travel("2026-03-11 23:59")
    with pytest.raises(Refused, match="not_yet"):
        deem_withdrawn(case.pk, actor=system_actor(), basis="示例条例第三十六条")
    travel("2026-03-12 00:00")
    with pytest.raises(Invalid, match="basis_missing"):
        deem_withdrawn(case.pk, actor=system_actor(), basis=" ")
    case = deem_withdrawn(case.pk, actor=system_actor(), basis="示例条例第三十六条")
    assert case.status == Status.WITHDRAWN
    assert Document.objects.get(application=case, kind="termination_notice").content["told_on"] == "2026-03-10"


# --- 视为无异议 ---


def test_a_silent_review_step_is_passed_and_a_deciding_one_never(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    walk.special(case, "village_clerk")
    case = pass_on(case.pk, actor=walk.who("village_head"))
    assert case.step_kind == "review"
    with pytest.raises(Refused, match="not_yet"):
        deem_consent(case.pk, actor=system_actor(), basis="示例文件")
    travel("2026-04-20 10:00")
    before = case.step_seq
    case = deem_consent(case.pk, actor=system_actor(), basis="示例文件")
    assert case.step_seq is not None
    assert before is not None
    assert case.step_seq > before
    decision = walk.at_decision()
    travel("2026-06-20 10:00")
    with pytest.raises(Refused, match="not_possible_now"):
        deem_consent(decision.pk, actor=system_actor(), basis="示例文件")


# --- 延长期限 ---


def test_an_extension_is_given_once_before_the_end_with_its_reason(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    head = walk.who("township_approver")
    first = {kind: due_on(case, kind) for kind in ("promised", "statutory")}
    with pytest.raises(Invalid, match="not_told"):
        extend(case.pk, actor=head, days=10, reason="需要专家论证")
    with pytest.raises(Invalid, match="days_out_of_range"):
        extend(case.pk, actor=head, days=11, reason="需要专家论证", was_told=True)
    with pytest.raises(Invalid, match="reason_missing"):
        extend(case.pk, actor=head, days=10, reason=" ", was_told=True)
    with pytest.raises(NotPermitted):
        extend(case.pk, actor=walk.who("township_examiner"), days=10, reason="需要专家论证", was_told=True)
    case = extend(case.pk, actor=head, days=10, reason="需要专家论证", was_told=True)
    assert (first["promised"], due_on(case, "promised")) == (date(2026, 3, 16), date(2026, 3, 30))
    assert first["statutory"] is not None
    assert due_on(case, "statutory") != first["statutory"]
    with pytest.raises(Refused, match="extended_once"):
        extend(case.pk, actor=head, days=5, reason="还要", was_told=True)
    assert Document.objects.filter(application=case, kind="extension_notice").count() == 1
    assert prove_lights().differences == ()


def test_a_broken_promise_is_not_mended_by_an_extension(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    statutory = due_on(case, "statutory")
    travel("2026-03-17 10:00")
    case = extend(case.pk, actor=walk.who("township_approver"), days=10, reason="补充调查", was_told=True)
    assert due_on(case, "promised") == date(2026, 3, 16)
    assert due_on(case, "statutory") != statutory
    sweep()
    assert prove_lights().differences == ()


def test_after_the_limit_of_the_law_nothing_is_extended(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    travel("2026-08-03 10:00")
    with pytest.raises(Refused, match="already_over"):
        extend(case.pk, actor=walk.who("township_approver"), days=10, reason="补充调查", was_told=True)


# --- 挂起与超期 ---


def test_a_pause_hides_no_breach_and_takes_none_away(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    travel("2026-03-17 10:00")
    late_at = clock_of(case, "promised").due_at
    case = suspend(case.pk, actor=walk.who("village_clerk"), was_told=True)
    now = travel("2026-03-18 10:00")
    assert clock_of(case, "promised").due_at == late_at
    assert colour_of(case.status, case.warn_at, case.late_at, now) == Colour.RED
    sweep()
    assert prove_lights().differences == ()
    case = resume(case.pk, actor=walk.who("village_clerk"), note="无异议")
    assert clock_of(case, "promised").due_at == late_at
    sweep()
    assert prove_lights().differences == ()


# --- 重报 ---


def test_a_case_that_comes_again_is_linked_to_the_one_that_ended(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    first = walk.submitted()
    assert first.applicant is not None
    withdraw(first.pk, actor=walk.who("village_clerk"), reason="不办了")
    travel("2026-03-20 10:00")
    again = walk.drafted()
    assert again.applicant is not None
    number = first.applicant.open_id_number()
    applicant = again.applicant
    kind = IdKind(applicant.id_kind)
    applicant.put(name=applicant.name, id_kind=kind, id_number=number, phone="", address="")
    applicant.save()
    again = submit(again.pk, actor=walk.who("village_clerk"))
    assert again.follows_id == first.pk
    assert Event.objects.get(application=again, verb="submit").detail["follows"]["number"] == first.number


# --- 重算 ---


def test_without_a_new_calendar_nothing_is_recalculated(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    assert recalculate(case.pk, actor=system_actor(), ground={"reason": "核对"}) is None
    assert Event.objects.filter(application=case, verb="recalculate").count() == 0


# --- 数据库自己的看守 ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications_clock SET amount = 90 WHERE application_id = %(case)s",
        "UPDATE applications_clock SET started_at = now() WHERE application_id = %(case)s",
        "UPDATE applications_clock SET due_at = due_at + interval '9 days' WHERE application_id = %(case)s",
        "UPDATE applications_clock SET state = 'stopped', stopped_at = now(), event_seq = event_seq + 1"
        " WHERE application_id = %(case)s AND state = 'running'",
        "DELETE FROM applications_clock WHERE application_id = %(case)s",
        "INSERT INTO applications_clockfact (clock_id, move, at, event_seq, unit)"
        " SELECT id, 'pause', '2026-01-01', event_seq, '' FROM applications_clock WHERE application_id = %(case)s",
        "UPDATE applications_application SET accepted_at = now() WHERE id = %(case)s",
        "UPDATE applications_application SET late_at = NULL, warn_at = NULL WHERE id = %(case)s",
        "UPDATE applications_application SET late_at = NULL, event_seq = event_seq + 1 WHERE id = %(case)s",
        "UPDATE applications_application SET accepted_person = 'nobody' WHERE id = %(case)s",
        "UPDATE applications_application SET guide_id = guide_id - 1 WHERE id = %(case)s",
        "UPDATE applications_application SET status = 'withdrawn' WHERE id = %(case)s",
        "INSERT INTO applications_application (key, status, version, matter_id, guide_id, form, hall_id, path,"
        " filed_by_id, accept_path, step_kind, seat_path, result_path, destination_path, result_number, created_at,"
        " moved_at, accepted_person, was_corrected, was_extended, event_seq, event_hash, is_provisional, accepted_at)"
        " SELECT gen_random_uuid(), 'draft', 1, matter_id, guide_id, form, hall_id, path, filed_by_id, '', '', '', '',"
        " '', '', created_at, moved_at, '', false, false, 0, '', false, '2020-01-01'"
        " FROM applications_application WHERE id = %(case)s",
    ],
)
def test_no_statement_moves_a_date_that_no_event_tells(walk: Walk, travel: Travel, statement: str) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    said = r"begins as|event|never changes|stays on record|names"
    with pytest.raises(IntegrityError, match=said), connection.cursor() as cursor:
        cursor.execute(statement, {"case": case.pk})
