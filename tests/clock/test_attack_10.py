"""C10: pauses without end, pauses slipped in, pauses back-dated."""

import pytest

from applications.actions.suspend import suspend
from applications.domain.lifecycle import Status
from applications.models import Application
from halls.domain.errors import DomainError
from supervision.actions.sweep import sweep
from tests.clock.attack import blocked_as_application, shown
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


def test_a_pause_ends_by_itself_and_what_is_beyond_it_counts(county: County) -> None:
    case = county.suspended(county.special_matter(days=3, promised=10))
    at("2026-03-12 10:00")  # granted: until 5 March
    sweep()
    case = Application.objects.get(pk=case.pk)
    assert case.status == Status.IN_PROGRESS
    due = clock_of(case, "promised").due_at
    assert due is not None
    assert due.date().isoformat() == "2026-03-19"  # ten days and the three granted, not the eight that were slept


def test_a_step_that_is_no_special_procedure_is_not_paused(county: County) -> None:
    case = county.accepted(county.matter(promised=10))
    with pytest.raises(DomainError):
        suspend(case.pk, actor=county.actor("examiner0"), was_told=True)
    with pytest.raises(DomainError):
        suspend(case.pk, actor=county.actor("window0"), was_told=True)


def test_the_applicant_must_have_been_told(county: County) -> None:
    case = county.accepted(county.special_matter(days=3))
    with pytest.raises(DomainError) as refusal:
        suspend(case.pk, actor=county.actor("examiner0"), was_told=False)
    assert refusal.value.cure


@pytest.mark.parametrize("move", ["pause", "resume", "extend"])
def test_no_pause_is_slipped_into_the_facts(county: County, move: str) -> None:
    case = county.accepted(county.matter(promised=10))
    blocked_as_application(
        "INSERT INTO applications_clockfact (clock_id, move, at, event_seq, amount, unit) "
        "VALUES (%s, %s, '2026-03-01', %s, 9, 'wd')",
        clock_of(case, "promised").pk,
        move,
        case.event_seq,
    )


def test_whoever_pauses_much_is_on_the_supervisors_list(county: County) -> None:
    case = county.suspended(county.special_matter(days=5, promised=10))
    county.accepted(county.matter())
    at("2026-03-10 10:00")
    text = shown(county, "supervision_suspicions")
    assert case.display_number in text
    assert "<b>6</b>" in text  # working days from 2 to 10 March
    assert case.display_number in shown(county, "supervision_suspicions", "director0")
    assert case.display_number not in shown(county, "supervision_suspicions", "director1")
