"""The verbs, one by one: what they do, and what they refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.attach import attach, detach
from applications.actions.decline import decline
from applications.actions.deliver import deliver
from applications.actions.draft import draft
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over, take_over
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.refuse import refuse
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.step_back import step_back
from applications.actions.submit import submit
from applications.actions.supply import supply
from applications.actions.suspend import suspend
from applications.actions.withdraw import withdraw
from applications.domain.lifecycle import Status
from applications.models import Application, Clock
from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused, Stale
from halls.domain.worktime import SHANGHAI
from halls.models import Hall
from matters.models import Matter, MatterVersion
from tests.factories.calendar import unload_year
from tests.factories.halls import UserFactory, person_in_post
from tests.factories.tampering import unguarded
from tests.factories.walk import GAOQIAO, HOMESTEAD, Walk, a_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
Travel = Callable[[str], datetime]


@pytest.fixture
def walk(seeded) -> Walk:
    return Walk(seeded)


def due_on(clock: Clock) -> date:
    assert clock.due_at is not None
    return clock.due_at.astimezone(SHANGHAI).date()


def clock_of(case: Application, kind: str) -> Clock:
    return case.clocks.filter(kind=kind).latest("pk")


# --- the usual way ----------------------------------------------------------------------------------------------------


def test_one_case_travels_from_the_village_to_the_township_and_back(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.ready()
    case = hand_over(case.pk, actor=walk.who("township_window"), to_hall=GAOQIAO)
    case = take_over(case.pk, actor=walk.who("village_clerk"))
    case = deliver(case.pk, replace(walk.handing(), way="proxy"), actor=walk.who("village_clerk"))
    assert case.status == Status.DELIVERED
    assert " ".join(case.events.values_list("verb", flat=True)) == (
        "draft submit receive accept suspend resume pass_on pass_on pass_on suspend resume pass_on "
        "grant pass_on make_result hand_over take_over deliver"
    )
    assert not case.clocks.exclude(state="stopped").exists()
    assert case.documents.count() == 8


def test_a_county_decided_case_goes_up_to_the_bureau_and_its_result_comes_down(walk: Walk) -> None:
    """城乡低保 (MZ-001) is accepted in the township and decided in 县民政局."""
    case = walk.accepted("MZ-006")
    case = pass_on(case.pk, actor=walk.who("township_examiner"))
    assert case.seat_name == "奉节县民政局"
    with pytest.raises(NotPermitted):
        grant(case.pk, actor=walk.who("township_approver"))
    case = grant(case.pk, actor=walk.who("county_approver"))
    assert case.status == Status.GRANTED
    assert case.result_path.startswith("500236/~")


# --- time -------------------------------------------------------------------------------------------------------------


def test_the_promise_runs_from_the_day_after_acceptance(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    assert due_on(clock_of(case, "promised")) == date(2026, 3, 16)
    assert due_on(clock_of(case, "statutory")) == date(2026, 3, 30)
    assert case.due_at == clock_of(case, "promised").due_at


def test_while_suspended_there_is_no_due_date_and_afterwards_it_is_later(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    travel("2026-03-05 09:00")
    case = suspend(case.pk, actor=walk.who("village_clerk"), was_told=True)
    assert case.due_at is None
    promised = clock_of(case, "promised")
    assert (promised.due_at, promised.warn_at, promised.next_action_at) == (None, None, None)
    travel("2026-03-11 16:00")
    case = resume(case.pk, actor=walk.who("village_clerk"), note="公示无异议")
    assert due_on(clock_of(case, "promised")) == date(2026, 3, 20)


def test_a_procedure_that_was_never_ended_counts_again_after_its_days(walk: Walk, travel: Travel) -> None:
    """Attack C10: 公示 7 日 from 5 March is over on the 12th, whenever somebody says so."""
    travel("2026-03-02 10:00")
    case = walk.accepted()
    travel("2026-03-05 09:00")
    suspend(case.pk, actor=walk.who("village_clerk"), was_told=True)
    travel("2026-04-30 16:00")
    case = resume(case.pk, actor=walk.who("village_clerk"), note="忘记恢复")
    assert due_on(clock_of(case, "promised")) == date(2026, 3, 23)


def test_a_procedure_is_used_once_however_often_the_case_comes_back(walk: Walk) -> None:
    case = walk.accepted()
    clerk = walk.who("village_clerk")
    suspend(case.pk, actor=clerk, was_told=True)
    resume(case.pk, actor=clerk, note="完")
    with pytest.raises(Refused, match="special_once"):
        suspend(case.pk, actor=clerk, was_told=True)
    pass_on(case.pk, actor=clerk)
    step_back(case.pk, actor=clerk, reason="再看一次")
    with pytest.raises(Refused, match="special_once"):
        suspend(case.pk, actor=clerk, was_told=True)


def test_a_paper_that_changed_after_its_check_is_checked_again(walk: Walk) -> None:
    window, clerk = walk.who("township_window"), walk.who("village_clerk")
    case = walk.received()
    kept = attach(case.pk, 1, data=a_picture(), name="a.png", actor=clerk)
    request_correction(case.pk, walk.all_ok(case) | {2: Finding("missing", "请补承诺书")}, actor=window)
    detach(case.pk, kept.pk, actor=clerk)
    supply(case.pk, actor=clerk)
    with pytest.raises(Invalid) as refusal:
        accept(case.pk, {2: Finding("ok")}, actor=window)
    assert [problem.field for problem in refusal.value.problems] == ["materials.1"]


@pytest.mark.parametrize(("days", "told", "code"), [(8, True, "days_out_of_range"), (7, False, "not_told")])
def test_a_procedure_stays_within_the_guide_and_the_applicant_is_told(
    walk: Walk, days: int, told: bool, code: str
) -> None:
    case = walk.accepted()
    with pytest.raises(Invalid, match=code):
        suspend(case.pk, actor=walk.who("village_clerk"), days=days, was_told=told)


def test_a_step_that_finishes_early_hands_its_days_to_the_next(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    clerk = walk.who("village_clerk")
    suspend(case.pk, actor=clerk, was_told=True)
    resume(case.pk, actor=clerk, note="完")
    pass_on(case.pk, actor=clerk)
    case = pass_on(case.pk, actor=walk.who("village_head"))
    step = clock_of(case, "step")
    assert (step.amount, step.carried) == (6, 2)  # 4 of its own, 受理 1 and 村级审查 1 unused


def test_a_step_that_was_late_does_not_eat_the_next_ones_time(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    travel("2026-03-20 10:00")
    clerk = walk.who("village_clerk")
    case = pass_on(case.pk, actor=clerk, opinion="无须公示")
    step = clock_of(case, "step")
    assert (step.amount, step.carried) == (1, 0)
    assert due_on(clock_of(case, "promised")) == date(2026, 3, 16), "the promise to the villager is broken all the same"


def test_a_step_back_arms_the_step_anew_and_leaves_the_promise(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    clerk = walk.who("village_clerk")
    pass_on(case.pk, actor=clerk, opinion="无须公示")
    promised = clock_of(case, "promised").due_at
    travel("2026-03-04 10:00")
    case = step_back(case.pk, actor=clerk, reason="公示照片缺失")
    assert case.step_seq == 2
    assert clock_of(case, "promised").due_at == promised
    assert clock_of(case, "step").started_at.astimezone(SHANGHAI).date() == date(2026, 3, 4)


def test_a_promise_changed_later_does_not_touch_a_running_case(walk: Walk, travel: Travel) -> None:
    """Attack C09 and trap 9: the case keeps the guide it was filed under."""
    travel("2026-03-02 10:00")
    case = walk.received()
    matter = Matter.objects.get(code=HOMESTEAD)
    old = matter.current
    assert old is not None
    newer = MatterVersion.objects.get(pk=old.pk)
    newer.pk, newer.number, newer.promised_days = None, old.number + 1, 1
    newer.save()
    matter.current = newer
    matter.save()
    case = accept(case.pk, walk.all_ok(case), actor=walk.who("township_window"))
    assert case.guide_id == old.pk
    assert due_on(clock_of(case, "promised")) == date(2026, 3, 16)


def test_without_this_years_calendar_nothing_is_accepted(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.received()
    unload_year(2026)
    with pytest.raises(Refused, match="calendar_year_missing") as refusal:
        accept(case.pk, walk.all_ok(case), actor=walk.who("township_window"))
    assert "2026" in refusal.value.cure
    assert walk.fresh(case).status == Status.RECEIVED


def test_without_next_years_calendar_the_date_is_provisional(walk: Walk, travel: Travel) -> None:
    travel("2026-12-24 10:00")
    case = walk.accepted()
    assert case.is_provisional
    assert case.documents.get(kind="acceptance_notice").content["is_provisional"]


# --- materials --------------------------------------------------------------------------------------------------------


def test_incomplete_materials_are_not_accepted_and_every_line_is_named(walk: Walk) -> None:
    case = walk.received()
    with pytest.raises(Invalid) as refusal:
        accept(case.pk, {1: Finding("ok"), 2: Finding("missing", "没带")}, actor=walk.who("township_window"))
    fields = {problem.field for problem in refusal.value.problems}
    assert fields == {f"materials.{line.seq}" for line in case.materials.all()} - {"materials.1"}
    assert walk.fresh(case).status == Status.RECEIVED


def test_a_required_paper_cannot_be_called_unneeded(walk: Walk) -> None:
    case = walk.received()
    with pytest.raises(Invalid, match="materials_incomplete"):
        accept(case.pk, walk.all_ok(case) | {1: Finding("not_needed")}, actor=walk.who("township_window"))


def test_everything_missing_is_told_once_and_only_once(walk: Walk) -> None:
    window = walk.who("township_window")
    case = walk.received()
    case = request_correction(case.pk, {2: Finding("missing", "请补承诺书")}, actor=window)
    assert case.status == Status.CORRECTING
    assert case.late_at is None, "the applicant's own time colours nobody's row"
    case = supply(case.pk, actor=walk.who("village_clerk"))
    assert clock_of(case, "acceptance").amount == 5
    with pytest.raises(Refused, match="one_notice_only"):
        request_correction(case.pk, {3: Finding("wrong", "再补一张")}, actor=window)


def test_a_fault_without_words_is_no_notice(walk: Walk) -> None:
    case = walk.received()
    with pytest.raises(Invalid, match="materials_unclear"):
        request_correction(case.pk, {2: Finding("missing", " ")}, actor=walk.who("township_window"))


@pytest.mark.parametrize(
    ("reason", "reason_class", "organ", "code"),
    [
        ("", "cannot_be_corrected", "", "reason_missing"),
        ("不符合", "whatever", "", "reason_class"),
        ("不归我们管", "not_competent", " ", "competent_organ"),
    ],
)
def test_declining_says_why_and_who_is_competent(
    walk: Walk, reason: str, reason_class: str, organ: str, code: str
) -> None:
    case = walk.received()
    with pytest.raises(Invalid, match=code):
        decline(
            case.pk,
            actor=walk.who("township_window"),
            reason=reason,
            reason_class=reason_class,
            competent_organ=organ,
        )


# --- who --------------------------------------------------------------------------------------------------------------


def test_who_accepted_does_not_decide(walk: Walk) -> None:
    both = person_in_post(PostKind.APPROVER, Hall.objects.get(code="500236272"))
    person_in_post(PostKind.WINDOW_CLERK, Hall.objects.get(code="500236272"), user=both)
    case = walk.at_decision()
    with unguarded():
        Application.objects.filter(pk=case.pk).update(accepted_person=both.person_code)
    with pytest.raises(Refused, match="accepted_by_decider"):
        grant(case.pk, actor=acting_user(both))
    with pytest.raises(Refused, match="accepted_by_decider"):
        refuse(case.pk, actor=acting_user(both), reason="不符合条件")


def test_a_second_account_of_the_same_person_does_not_help(walk: Walk) -> None:
    case = walk.at_decision()
    double = UserFactory.create(person_code=case.accepted_person)
    person_in_post(PostKind.APPROVER, Hall.objects.get(code="500236272"), user=double)
    with pytest.raises(Refused, match="accepted_by_decider"):
        grant(case.pk, actor=acting_user(double))


def test_another_villages_clerk_does_not_know_the_case_exists(walk: Walk) -> None:
    case = walk.submitted()
    with pytest.raises(NotFound):
        withdraw(case.pk, actor=walk.who("neighbour_clerk"), reason="试试")


def test_seeing_is_not_doing(walk: Walk) -> None:
    case = walk.submitted()
    with pytest.raises(NotPermitted):
        receive(case.pk, actor=walk.who("supervisor"))
    with pytest.raises(NotPermitted):
        receive(case.pk, actor=walk.who("village_clerk"))


def test_a_draft_is_seen_only_where_it_is_written(walk: Walk) -> None:
    case = walk.drafted()
    seen = [r for r in ("village_clerk", "township_window", "supervisor") if _sees(walk, r, case)]
    assert seen == ["village_clerk"]


def _sees(walk: Walk, role: str, case: Application) -> bool:
    return Application.objects.visible_to(walk.who(role)).filter(pk=case.pk).exists()


def test_a_stale_page_is_told_and_changes_nothing(walk: Walk) -> None:
    case = walk.submitted()
    with pytest.raises(Stale):
        receive(case.pk, actor=walk.who("township_window"), version=case.version - 1)
    assert walk.fresh(case).status == Status.SUBMITTED


def test_a_second_click_on_submit_is_the_same_case(walk: Walk) -> None:
    case = walk.drafted()
    first = submit(case.pk, actor=walk.who("village_clerk"))
    second = submit(case.pk, actor=walk.who("village_clerk"))
    assert first.number == second.number
    assert case.events.filter(verb="submit").count() == 1


@pytest.mark.parametrize("matter", ["RS-008", "NY-017"])
def test_what_a_village_does_not_take_in_is_sent_where_it_belongs(walk: Walk, matter: str) -> None:
    with pytest.raises(Refused, match="not_taken_in_here") as refusal:
        draft(actor=walk.who("village_clerk"), matter_code=matter, hall_code=GAOQIAO)
    assert "便民服务中心" in refusal.value.cure


def test_the_system_wakes_a_case_only_when_its_days_are_over(walk: Walk, travel: Travel) -> None:
    travel("2026-03-02 10:00")
    case = walk.accepted()
    suspend(case.pk, actor=walk.who("village_clerk"), was_told=True)
    system = walk.who("system")
    with pytest.raises(Refused, match="not_yet"):
        resume(case.pk, actor=system)
    travel("2026-03-10 00:10")
    case = resume(case.pk, actor=system)
    assert case.status == Status.IN_PROGRESS
    assert clock_of(case, "special").state == "running", "the procedure itself is not finished yet"
    assert case.events.latest("seq").actor_post == "系统"
