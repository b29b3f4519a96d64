"""C12: the window never presses "accept"."""

import pytest

from applications.actions.accept import accept
from applications.actions.deem_accepted import deem_accepted
from applications.domain.lifecycle import Status
from halls.acting import system_actor
from halls.domain.errors import Refused
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.clock.attack import found
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


def test_after_five_working_days_the_law_has_accepted_since_the_receipt(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-09 23:00")
    with pytest.raises(Refused):
        deem_accepted(case.pk, actor=system_actor())
    at("2026-03-10 00:10")
    case = deem_accepted(case.pk, actor=system_actor())
    assert case.status == Status.IN_PROGRESS
    assert case.accepted_at == case.received_at
    promised = clock_of(case, "promised")
    assert promised.started_at == case.received_at
    assert promised.due_at is not None
    assert promised.due_at.date().isoformat() == "2026-03-09"  # the five days of silence are used up
    assert found() == set()


def test_whoever_accepts_late_gains_nothing(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-11 10:00")
    case = accept(case.pk, {}, actor=county.actor("window0"))
    assert case.accepted_at == case.received_at
    assert clock_of(case, "promised").started_at == case.received_at
    assert found() == set()


def test_the_silence_itself_is_warned_of(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-09 10:00")
    sweep()
    assert LimitWarning.objects.filter(application=case, clock_kind="acceptance").exists()
