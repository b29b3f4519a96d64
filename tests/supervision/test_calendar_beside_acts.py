"""A calendar that comes into force beside acts in flight. Real connections, real commits."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from applications.actions import _move
from applications.actions.accept import accept
from applications.models import Application
from halls.acting import acting_user
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.domain.duties import PostKind
from supervision.actions._claim import claim_batch
from supervision.actions.prove_lights import prove_lights
from supervision.actions.settle_calendar import settle_calendar
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.factories.calendar import with_days
from tests.factories.halls import person_in_post
from tests.supervision.county import at

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work):
    """Run the work on a connection of its own, at the moment of the county."""
    try:
        at("2026-03-02 10:00")
        return work()
    finally:
        connection.close()


@pytest.fixture
def proposed(county):
    administrator = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    draft = draft_of_state(with_days(2026, off=["2026-03-20"]))
    return propose_notice(draft, actor=acting_user(administrator), reason="补充通知")


def wait_until_the_calendar_is_asked_for():
    until = time.monotonic() + 8
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.05)
    return False


def test_a_calendar_waits_for_the_acts_that_counted_under_the_old_one(county, proposed, monkeypatch):
    """Or the case of such an act would keep the old dates for ever: nobody looks at it again."""
    case = county.received(county.matter(promised=20))
    supervisor, window = county.actor("supervisor"), county.actor("window0")
    real, waited, publishing = _move.record, [], []

    def publish():
        confirm_notice(proposed.pk, actor=supervisor, reason="已核对原文")
        return settle_calendar()

    with ThreadPoolExecutor(1) as pool:

        def slow(move, **told):
            if move.verb == "accept":
                publishing.append(pool.submit(elsewhere, publish))
                waited.append(wait_until_the_calendar_is_asked_for())
            return real(move, **told)

        monkeypatch.setattr(_move, "record", slow)
        accept(case.pk, {}, actor=window)
        settled = publishing[0].result(timeout=20)
    assert waited == [True]
    assert (settled.moved, settled.failed) == (1, 0)
    sweep()
    assert prove_lights(is_whole=True).differences == ()


def test_a_case_that_somebody_holds_is_moved_later(county, proposed):
    """Its failure is counted, and the notice is not settled without it; meanwhile no card comes under its old dates."""
    held, other = (county.accepted(county.matter(promised=13)) for _ in range(2))
    confirm_notice(proposed.pk, actor=county.actor("supervisor"), reason="已核对原文")
    taken, done = Event(), Event()

    def hold():
        with transaction.atomic():
            Application.objects.select_for_update(no_key=True).get(pk=held.pk)
            taken.set()
            done.wait(30)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(elsewhere, hold)
        assert taken.wait(10)
        settled = settle_calendar()
        done.set()
        holding.result()
    proposed.refresh_from_db()
    assert (settled.failed, settled.is_done, proposed.settled_at) == (1, False, None)
    assert proposed.left_over == [held.pk]
    at("2026-03-23 10:00")
    assert claim_batch().claimed > 0
    assert set(LimitWarning.objects.values_list("application", flat=True)) == {other.pk}
    assert sweep().failed == 0
    proposed.refresh_from_db()
    assert (proposed.settled_at is None, proposed.left_over) == (False, [])
    assert set(LimitWarning.objects.values_list("application", flat=True)) == {held.pk, other.pk}
    assert prove_lights(is_whole=True).differences == ()
