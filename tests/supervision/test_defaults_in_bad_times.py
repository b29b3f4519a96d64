"""Defaults when a case fails or nobody swept for days: the same rows, in the order of the limits, proved right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from applications.models import Application
from halls.domain.worktime import SHANGHAI
from matters.domain.timeout import Policy
from supervision.actions import defaults
from supervision.actions._claim import claim_batch
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import Accountability
from supervision.selectors.overrun import overruns
from tests.supervision.county import at, clock_of
from tests.supervision.test_defaults import follow_the_brake, fresh, pass_the, publish

pytestmark = pytest.mark.django_db


def test_one_case_that_fails_does_not_stop_the_others_and_is_told(county, monkeypatch):
    matter = county.matter(promised=10)
    first, bad, last = (county.received(matter) for _ in range(3))
    real = defaults._ACTS[Policy.DEEMED_ACCEPT]

    def accept_but_one(case_id, actor, basis):
        if case_id == bad.pk:
            raise RuntimeError("broken")
        real(case_id, actor, basis)

    pass_the(clock_of(first, "acceptance"))
    monkeypatch.setitem(defaults._ACTS, Policy.DEEMED_ACCEPT, accept_but_one)
    swept = sweep()
    assert (swept.defaulted, swept.failed) == (2, 1)
    assert [fresh(case).status for case in (first, bad, last)] == ["in_progress", "received", "in_progress"]
    assert Accountability.objects.count() == 2
    monkeypatch.undo()
    assert sweep().defaulted == 1


def test_three_days_of_downtime_give_the_same_rows(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="deemed_consent", step=2)
    prompt, late = county.accepted(matter), county.accepted(matter)
    silent, silent_late = county.received(county.matter()), county.received(county.matter(), 1)
    pass_the(clock_of(prompt, "step"))
    claim_batch()
    defaults._follow(_overrun(prompt, "step"), county.actor("system"))
    pass_the(clock_of(silent, "acceptance"))
    at("2026-03-10 00:01")
    claim_batch()
    defaults._follow(_overrun(silent, "acceptance"), county.actor("system"))
    at("2026-03-13 10:00")
    follow_the_brake(county)
    for one, other in ((prompt, late), (silent, silent_late)):
        mine, theirs = (_dates(Accountability.objects.get(application=case)) for case in (one, other))
        assert mine == theirs
    assert fresh(silent).accepted_at is not None
    assert clock_of(silent, "promised").due_at == clock_of(silent_late, "promised").due_at


def _overrun(case: Application, kind: str) -> Any:
    now = datetime(2030, 1, 1, tzinfo=SHANGHAI)
    clock = clock_of(case, kind)
    return next(one for one in overruns(now) if one.clock_id == clock.pk)


def _dates(account: Accountability) -> tuple[Any, ...]:
    card = account.card
    return account.act, account.breached_at, account.citation, card and (card.level, card.effective_at)


def test_limits_are_followed_in_the_order_in_which_they_ran_out(county):
    second = county.received(county.matter(), 1)
    at("2026-02-27 10:00")
    first = county.received(county.matter())
    at("2026-03-10 00:01")
    sweep()
    assert list(Accountability.objects.order_by("pk").values_list("application", flat=True)) == [first.pk, second.pk]


def test_the_nightly_proof_finds_what_followed_by_itself_to_be_right(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="deemed_consent", step=2)
    county.accepted(matter)
    county.received(county.matter(promised=10))
    at("2026-03-09 23:58")
    sweep()
    at("2026-03-10 00:01")
    assert sweep().defaulted == 2
    at("2026-03-10 03:00")
    sweep()
    assert prove_lights().differences == ()
