"""C01: moments and due dates rewritten in the tables, by the ORM or by SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application, Clock
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import as_application, blocked, blocked_as_application, found, run, shown_after_the_night
from tests.factories.tampering import unguarded
from tests.supervision.county import County, clock_of

pytestmark = pytest.mark.django_db
CASE, CLOCK = "UPDATE applications_application SET ", "UPDATE applications_clock SET "
STATEMENTS = [
    CASE + "accepted_at = accepted_at + interval '3 days'",
    CASE + "received_at = NULL",
    CASE + "due_at = due_at + interval '30 days'",
    CASE + "late_at = NULL, warn_at = NULL",
    CASE + "status = 'delivered'",
    CASE + "event_seq = event_seq + 1",
    CASE + "accepted_person = 'X'",
    CLOCK + "amount = amount + 5",
    CLOCK + "due_at = due_at + interval '30 days', yellow_at = NULL, red_at = NULL",
    CLOCK + "state = 'stopped', stopped_at = started_at",
    CLOCK + "started_at = started_at + interval '10 days'",
    CLOCK + "arming = 9",
    "DELETE FROM applications_clock",
    "UPDATE applications_clockfact SET at = at + interval '3 days'",
    "DELETE FROM applications_clockfact",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_site_cannot_move_a_moment_or_a_due_date(county: County, statement: str) -> None:
    county.accepted(county.matter())
    blocked_as_application(statement)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_nor_can_the_owner_while_the_guards_stand(county: County, statement: str) -> None:
    county.accepted(county.matter())
    blocked(statement)


def test_nor_does_the_orm_find_a_way_around(county: County) -> None:
    case = county.accepted(county.matter())
    assert case.accepted_at is not None
    case.accepted_at += timedelta(days=3)
    clock = clock_of(case, "promised")
    clock.amount += 5
    attempts = (
        lambda: case.save(),
        lambda: clock.save(),
        lambda: Application.objects.update(late_at=None),
        lambda: Clock.objects.bulk_update([clock], ["amount"]),
    )
    for attempt in attempts:
        with transaction.atomic(), as_application(), pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_an_owner_who_switches_the_guards_off_is_found_the_next_night(county: County) -> None:
    county.accepted(county.matter())
    assert found() == set()
    with unguarded():
        run(CASE + "accepted_at = accepted_at + interval '3 days', due_at = due_at + interval '9 days'")
        run(CLOCK + "amount = amount + 5, due_at = due_at + interval '9 days' WHERE kind = 'promised'")
    assert {"case_accepted_at", "clock_changed"} <= found()
    assert {"due_at"} <= {one.field for one in prove_lights().differences}
    assert "受理时间与记录不符：被直接改动过。" in shown_after_the_night(county)
