"""What an act leaves behind: the database's moment, and a number that nobody gets twice."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from applications.models import Event
from halls.domain.worktime import SHANGHAI
from tests.factories.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
Travel = Callable[[str], datetime]


@pytest.fixture
def walk(seeded) -> Walk:
    return Walk(seeded)


def test_the_moment_of_an_event_is_the_databases(walk: Walk, travel: Travel) -> None:
    moment = travel("2026-03-02 10:00")
    case = walk.submitted()
    event = case.events.latest("seq")
    assert event.at == moment
    assert case.submitted_at == moment


def test_a_forged_moment_is_replaced(walk: Walk, travel: Travel) -> None:
    """Attack C01 and C05: the trigger knows better."""
    travel("2026-03-02 10:00")
    case = walk.submitted()
    forged = Event(
        application=case,
        seq=99,
        verb="recalculate",
        from_status="submitted",
        to_status="submitted",
        at=datetime(2020, 1, 1, tzinfo=SHANGHAI),
        user_id=case.filed_by_id,
        person_code=case.filed_by.person_code,
        actor_name=case.filed_by.full_name,
    )
    forged.save()
    kept = Event.objects.get(pk=forged.pk)
    assert kept.seq == 3
    assert kept.at.astimezone(SHANGHAI).isoformat().startswith("2026-03-02T10:00")


def test_numbers_come_from_a_sequence_and_are_never_reused(walk: Walk) -> None:
    first = walk.submitted()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('applications_case_number')")
    second = walk.submitted()
    assert first.number is not None
    assert second.number is not None
    assert first.number[:8] == second.number[:8] == f"500236{first.submitted_at:%y}"
    assert first.number < second.number
