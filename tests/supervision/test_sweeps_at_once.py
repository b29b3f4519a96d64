"""Trap 11: two sweeps at once, and a sweep beside a person who moves the case. Real connections, real commits."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from applications.actions.extend import extend
from applications.models import Clock
from supervision.actions import sweep as sweeping
from supervision.actions._claim import claim_batch
from supervision.actions.sweep import sweep, sweep_unless_running
from supervision.models import LimitWarning
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "2026-03-25 09:00"


def elsewhere(work):
    """Run the work on a connection of its own, at the later moment."""
    try:
        at(LATER)
        return work()
    finally:
        connection.close()


def expected_rungs():
    """Counted from the clocks themselves: every rung before the later moment, once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM applications_clock c, LATERAL (VALUES (warn_at), (yellow_at), (red_at)) r (at)"
            " WHERE r.at < least(%s::timestamptz, c.stopped_at)",
            [f"{LATER}+08"],
        )
        return cursor.fetchone()[0]


def test_trap_11_two_sweeps_at_once_claim_each_rung_once(county):
    matters = [county.matter(promised=2), county.matter(promised=6)]
    for number in range(12):
        county.accepted(matters[number % 2], number % 2)
    expected = expected_rungs()
    start = Barrier(4)

    def work():
        start.wait()
        return sweep(batch_size=3)

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: elsewhere(work), range(4)))
    assert sum(run.claimed for run in runs) == LimitWarning.objects.count() == expected > 30
    keys = LimitWarning.objects.values_list("clock_id", "level", "arming")
    assert len(set(keys)) == expected
    assert elsewhere(sweep).claimed == 0


def test_a_warning_that_an_extension_moves_away_beside_the_sweeps_comes_once_and_its_successor_once(county):
    cases = [county.accepted(county.matter(promised=10)) for _ in range(4)]
    start = Barrier(4)

    def elsewhere_at(moment, work):
        try:
            at(moment)
            start.wait(20)
            return work()
        finally:
            connection.close()

    def extend_all():
        for case in cases:
            extend(case.pk, actor=county.actor("approver0"), days=10, reason="需要核实", was_told=True)

    def armings():
        rows = LimitWarning.objects.filter(clock__kind="promised", level="warning").order_by("application_id", "pk")
        return list(rows.values_list("application_id", "arming"))

    sweep_in_small_batches = partial(sweep, batch_size=2)
    with ThreadPoolExecutor(4) as pool:  # the warning was due since yesterday, and no sweep has seen it yet
        works = [extend_all, *[sweep_in_small_batches] * 3]
        list(pool.map(lambda work: elsewhere_at("2026-03-13 10:00", work), works))
    assert armings() == [(case.pk, 1) for case in cases]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda work: elsewhere_at("2026-03-26 09:00", work), [sweep_in_small_batches] * 4))
    assert armings() == [(case.pk, arming) for case in cases for arming in (1, 2)]


def test_a_clock_that_somebody_holds_is_left_to_the_next_sweep(county):
    held = clock_of(county.accepted(county.matter(promised=2)), "promised")
    free = clock_of(county.accepted(county.matter(promised=2)), "promised")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Clock.objects.select_for_update().get(pk=held.pk)
            pool.submit(elsewhere, sweep).result(timeout=20)
            assert not LimitWarning.objects.filter(clock=held).exists()
            assert LimitWarning.objects.filter(clock=free).exists()
        pool.submit(elsewhere, sweep).result(timeout=20)
    assert LimitWarning.objects.filter(clock=held).exists()


def test_a_worker_killed_in_the_middle_of_a_batch_leaves_nothing_half_done(county):
    clock = clock_of(county.accepted(county.matter(promised=2)), "promised")
    before = clock.next_action_at

    def dies():
        with transaction.atomic():
            assert claim_batch().claimed > 0
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (pid,) = cursor.fetchone()
            return pid, connection.connection.close()  # the server rolls back, as after a SIGKILL

    with ThreadPoolExecutor(1) as pool, pytest.raises(Exception, match="closed"):
        pool.submit(elsewhere, dies).result(timeout=20)
    assert not LimitWarning.objects.exists()
    clock.refresh_from_db()
    assert clock.next_action_at == before
    assert elsewhere(sweep).claimed == expected_rungs()


def test_while_one_worker_sweeps_the_task_of_another_goes_home(county, monkeypatch):
    county.accepted(county.matter(promised=2))
    inside = Barrier(2)
    leave = Barrier(2)

    def slow(size):
        inside.wait(20)
        leave.wait(20)
        return claim_batch(size)

    monkeypatch.setattr(sweeping, "claim_batch", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(elsewhere, sweep_unless_running)
        inside.wait(20)
        assert sweep_unless_running() is None
        leave.wait(20)
        assert first.result(timeout=20).claimed > 0
    monkeypatch.undo()
    assert elsewhere(sweep_unless_running) is not None
