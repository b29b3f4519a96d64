"""Whoever acted in time earns no card, however the act and the sweep meet."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, connections, transaction

from applications.actions.grant import grant
from applications.models import Application
from supervision.actions._claim import claim_batch
from supervision.models import LimitWarning
from tests.supervision.county import County, at, clock_of, settle_clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county() -> Iterator[County]:
    at("2026-03-02 10:00")
    yield County.build()
    at("")
    settle_clock()


def test_a_decision_on_its_way_at_midnight_is_in_time(county: County) -> None:
    """The act began at 23:59:57 and is not yet committed when the sweep of 00:00 comes."""
    case = county.accepted(county.matter(promised=5))
    at("2026-03-09 08:00")
    claim_batch()
    warned = LimitWarning.objects.count()
    swept: list[int] = []

    def sweep_after_midnight() -> None:
        at("2026-03-10 00:00:03")
        swept.append(claim_batch().claimed)
        connections.close_all()

    with transaction.atomic():
        at("2026-03-09 23:59:57")
        grant(case.pk, actor=county.actor("approver0"))
        other = threading.Thread(target=sweep_after_midnight)
        other.start()
        other.join(20)
    assert swept == [0]
    at("2026-03-10 00:01:03")
    claim_batch()
    assert LimitWarning.objects.count() == warned


def test_the_last_second_of_the_last_day_is_in_time(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('halls.at', '2026-03-09 23:59:59.7+08', false)")
    claim_batch()
    assert not LimitWarning.objects.filter(application=case, level="yellow").exists()
    grant(case.pk, actor=county.actor("approver0"))
    promised = clock_of(case, "promised")
    assert promised.due_at is not None
    assert Application.objects.get(pk=case.pk).decided_at == promised.due_at
    at("2026-03-10 08:00")
    claim_batch()
    assert not LimitWarning.objects.filter(clock=promised, level="yellow").exists()
