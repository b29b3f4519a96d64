"""Two sweeps at once, a person beside a sweep: each default follows once. Real connections, real commits."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from applications.actions.accept import accept
from applications.actions.deem_renewed import deem_renewed
from applications.actions.refuse import refuse
from applications.models import Application, Event
from halls.domain.errors import Refused
from supervision.actions._claim import claim_batch
from supervision.actions.defaults import follow_up
from supervision.actions.sweep import sweep
from supervision.models import Accountability, Brake, LimitWarning, SweepRun
from tests.supervision.county import at
from tests.supervision.test_defaults import publish, renewal_matter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
LATER = "2026-03-10 00:01"


def elsewhere(work):
    """Run the work on a connection of its own, at the later moment."""
    try:
        at(LATER)
        return work()
    finally:
        connection.close()


def at_once(work, workers):
    start = Barrier(workers)

    def together():
        start.wait(20)
        return work()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda _: elsewhere(together), range(workers)))


def test_four_sweeps_at_once_let_each_default_follow_once(county):
    matter = county.matter(promised=10)
    cases = {county.received(matter, number % 2).pk for number in range(12)}
    runs = at_once(sweep, 4)
    # A case that another sweep held just then is left to the next run.
    total = sum(run.defaulted for run in runs) + elsewhere(sweep).defaulted
    assert total == Accountability.objects.count() == len(cases)
    assert sum(run.failed for run in runs) == 0
    assert set(Accountability.objects.values_list("application", flat=True)) == cases
    assert Event.objects.filter(verb="deem_accepted").count() == len(cases)
    assert LimitWarning.objects.filter(clock_kind="acceptance", level="red").count() == len(cases)
    assert elsewhere(sweep).defaulted == 0


def test_a_case_that_somebody_is_working_on_is_left_to_the_next_sweep(county):
    held, free = county.received(county.matter()), county.received(county.matter())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Application.objects.select_for_update(no_key=True).get(pk=held.pk)  # as every verb does
            assert pool.submit(elsewhere, sweep).result(timeout=20).defaulted == 1
            assert Accountability.objects.get().application_id == free.pk
        assert pool.submit(elsewhere, sweep).result(timeout=20).defaulted == 1


def test_a_default_does_not_overtake_the_cards_of_a_case_that_was_held_while_they_were_claimed(county):
    """The claim passes by a case that somebody holds; when they let go, no default writes the red card first."""
    case = county.received(county.matter())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Application.objects.select_for_update(no_key=True).get(pk=case.pk)
            assert pool.submit(elsewhere, claim_batch).result(timeout=20).claimed == 0
        assert pool.submit(elsewhere, lambda: follow_up(at(LATER))).result(timeout=20).done == 0
    assert not LimitWarning.objects.exists()
    assert elsewhere(sweep).defaulted == 1
    cards = LimitWarning.objects.filter(clock_kind="acceptance").order_by("pk").values_list("level", "effective_at")
    assert [level for level, _ in cards] == ["warning", "red"]
    assert sorted(cards, key=lambda card: card[1]) == list(cards)


def test_the_window_that_accepts_in_the_same_moment_and_the_sweep_do_not_both_accept(county):
    case = county.received(county.matter())
    window = county.actor("window0")
    start = Barrier(2)

    def by_hand():
        start.wait(20)
        return accept(case.pk, {}, actor=window)

    def by_time():
        start.wait(20)
        return sweep()

    with ThreadPoolExecutor(2) as pool:
        hand, time = pool.submit(elsewhere, by_hand), pool.submit(elsewhere, by_time)
        time.result(timeout=30)
        refused = hand.exception(timeout=30)
    verbs = list(
        Event.objects.filter(application=case, verb__in=("accept", "deem_accepted")).values_list("verb", flat=True)
    )
    assert len(verbs) == 1
    assert (refused is None) == (verbs == ["accept"])
    assert Accountability.objects.count() == (verbs == ["deem_accepted"])
    case.refresh_from_db()
    assert case.accepted_at == case.received_at  # by the window too late, or by time: since the receipt


def test_whoever_refuses_in_the_moment_the_permit_ends_and_the_sweep_do_not_both_decide(county):
    matter = renewal_matter(county)
    publish(county, matter, place="renewal", policy="deemed_renew")
    county.permit_end = date(2026, 3, 9)
    cases = [county.accepted(matter) for _ in range(4)]
    approver = county.actor("approver0")
    start = Barrier(2)

    def by_hand():
        start.wait(20)
        refusals = []
        for case in cases:
            try:
                refuse(case.pk, actor=approver, reason="不符合条件")
            except Refused as refusal:
                refusals.append(refusal.code)
        return refusals

    def by_time():
        start.wait(20)
        return sweep()

    with ThreadPoolExecutor(2) as pool:
        hand, time = pool.submit(elsewhere, by_hand), pool.submit(elsewhere, by_time)
        assert time.result(timeout=30).failed == 0
        refusals = hand.result(timeout=30)
    for case in cases:
        acts = {"refuse", "deem_renewed"}
        verbs = list(Event.objects.filter(application=case, verb__in=acts).values_list("verb", flat=True))
        assert len(verbs) == 1
        assert Accountability.objects.filter(application=case).count() == (verbs == ["deem_renewed"])
    assert refusals == ["deemed_renewed"] * Accountability.objects.count()


def test_a_refusal_that_waited_for_the_sweep_is_none(county):
    """The sweep has the case: the approver's refusal waits for its lock and then sees what it did."""
    matter = renewal_matter(county)
    publish(county, matter, place="renewal", policy="deemed_renew")
    county.permit_end = date(2026, 3, 9)
    case = county.accepted(matter)
    approver, system = county.actor("approver0"), county.actor("system")
    begun = threading.Event()

    def by_hand():
        begun.set()
        return refuse(case.pk, actor=approver, reason="不符合条件")

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            at(LATER)
            deem_renewed(case.pk, actor=system, basis="示例文件")
            hand = pool.submit(elsewhere, by_hand)
            assert begun.wait(20)
            assert not wait([hand], timeout=0.5).done
        refused = hand.exception(timeout=30)
    assert isinstance(refused, Refused)
    assert refused.code == "deemed_renewed"


def test_four_sweeps_after_an_outage_trip_one_brake(county):
    county.received(county.matter())
    moment = Application.objects.get().received_at
    assert moment is not None
    SweepRun.objects.create(started_at=moment, finished_at=moment)
    runs = at_once(sweep, 4)
    assert sum(run.defaulted for run in runs) == 0
    assert Brake.objects.count() == 1
