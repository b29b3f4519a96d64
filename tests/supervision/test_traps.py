"""Traps in which others were caught, each tried on a real case: what moves a clock, and what must not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from applications.actions.attach import attach
from applications.actions.request_correction import request_correction
from applications.actions.reveal import reveal
from applications.actions.supply import supply
from applications.actions.tell import tell
from applications.models import Application, Clock, ClockFact, Document
from halls.domain.duties import PostKind
from halls.domain.errors import Refused
from halls.models import Post
from matters.models import Material, Matter
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.factories.cases import a_picture
from tests.factories.halls import person_in_post
from tests.supervision.county import County, at, clock_of
from tests.supervision.test_defaults import correcting, fresh, printed, with_materials

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path


def told_of(case: Application) -> tuple[Any, ...]:
    """Everything that is written about the time of a case."""
    case = fresh(case)
    clocks = Clock.objects.filter(application=case).order_by("pk").values_list()
    facts = ClockFact.objects.filter(clock__application=case).order_by("pk").values_list()
    return (case.due_at, case.warn_at, case.late_at, case.received_at, case.accepted_at, list(clocks), list(facts))


def hand_the_post_over(county: County, who: str, kind: PostKind) -> None:
    """The person leaves, and somebody else takes the desk with all that lies on it."""
    old = county.people[who]
    post = Post.objects.get(user=old)
    node = post.department or post.hall
    assert node is not None
    Post.objects.filter(pk=post.pk).update(ends_on=date(2026, 3, 1))
    county.people[who] = person_in_post(kind, node)


# --- 5: comment, attachment, another person at the desk ---------------------------------------------------------------


def test_trap_5_a_note_a_file_and_another_clerk_reset_no_clock_of_a_supplement(county: County) -> None:
    case = correcting(county, with_materials(county.matter()))
    before = told_of(case)
    at("2026-03-04 15:00")
    clerk = county.actor("clerk0")
    attach(case.pk, 1, data=a_picture(), name="申请表.png", actor=clerk)
    tell(case.pk, actor=clerk, way="phone", note="说了还缺签名")
    hand_the_post_over(county, "clerk0", PostKind.VILLAGE_CLERK)
    attach(case.pk, 1, data=a_picture(), name="签名页.png", actor=county.actor("clerk0"))
    assert told_of(case) == before
    assert prove_lights().differences == ()


def test_trap_5_a_look_at_the_papers_and_another_examiner_reset_no_clock_of_a_decision(county: County) -> None:
    case = county.accepted(county.bureau_matter(promised=10))
    before = told_of(case)
    at("2026-03-04 15:00")
    reveal(case.pk, actor=county.actor("bureau_examiner"), reason="核对身份证原件")
    hand_the_post_over(county, "bureau_examiner", PostKind.EXAMINER)
    assert told_of(case) == before
    began = clock_of(case, "promised").started_at
    county.passed_on(case, "bureau_examiner")  # the newcomer goes on with the days that are left
    assert (fresh(case).due_at, clock_of(case, "promised").started_at) == (before[0], began)
    assert prove_lights().differences == ()


# --- 7: three supplements ---------------------------------------------------------------------------------------------


def with_three_materials(matter: Matter) -> Matter:
    assert matter.current is not None
    for seq, name in enumerate(("申请表", "户口簿", "照片"), start=1):
        Material.objects.create(version=matter.current, seq=seq, name=name, necessity="required")
    return matter


def test_trap_7_three_supplements_do_not_make_the_supplement_clock_overdue(county: County) -> None:
    """Each piece that comes in time leaves the date where the one notice put it; the clock ends with the last."""
    case = correcting(county, with_three_materials(county.matter()), days=5)
    due = clock_of(case, "supplement").due_at
    clerk = county.actor("clerk0")
    for day, seq in ((3, 1), (5, 2), (9, 3)):  # the 9th is the last day
        at(f"2026-03-{day:02d} 16:00")
        attach(case.pk, seq, data=a_picture(), name=f"材料{seq}.png", actor=clerk)
        sweep()
        clock = clock_of(case, "supplement")
        assert (clock.state, clock.due_at) == ("running", due)
    at("2026-03-09 16:30")
    supply(case.pk, actor=clerk)
    at("2026-04-01 09:00")
    sweep()
    clock = clock_of(case, "supplement")
    assert Clock.objects.filter(application=case, kind="supplement").count() == 1
    assert (clock.state, clock.due_at) == ("stopped", due)
    assert not LimitWarning.objects.filter(clock=clock, level__in=("yellow", "red")).exists()
    assert fresh(case).status != "withdrawn"


def test_trap_7_a_second_notice_is_not_to_be_had(county: County) -> None:
    """行政许可法 §32(1)(4): all of it, once. So no chain of notices can keep a case from its clock."""
    case = correcting(county, with_three_materials(county.matter()))
    supply(case.pk, actor=county.actor("clerk0"))
    with pytest.raises(Refused):
        request_correction(case.pk, {}, actor=county.actor("window0"))


# --- 14: a case across levels -----------------------------------------------------------------------------------------


def test_trap_14_the_promise_of_a_case_across_levels_is_the_sum_of_its_slices_and_the_notice_prints_both(
    county: County,
) -> None:
    """Township 1 (spent by accepting), bureau 4 and 5 of 10 working days: the last slice ends with the promise."""
    case = county.accepted(county.bureau_matter(promised=10))
    assert sum(step.days for step in case.steps.all() if step.counts) == clock_of(case, "promised").amount == 10
    content = Document.objects.get(application=case, kind="acceptance_notice").content
    due = fresh(case).due_at
    assert due is not None
    assert [stop["due"] for stop in content["stops"]][-1] == f"{due:%Y-%m-%d}" == "2026-03-16"
    paper = printed(case, "acceptance_notice")
    assert "2026年3月16日（含当日；承诺 10 个工作日）" in paper
    stops = "环节2（示例局）2026年3月9日\\n环节3（示例局）2026年3月16日"
    assert stops in paper


def test_trap_14_whoever_hands_on_early_hands_on_days_and_the_sum_stays(county: County) -> None:
    case = county.accepted(county.bureau_matter(promised=10))
    at("2026-03-03 10:00")
    county.passed_on(case, "bureau_examiner")
    step, promised = clock_of(case, "step"), clock_of(case, "promised")
    assert step.due_at == promised.due_at
    assert step.carried > 0
