"""C06: the clock of the application server is wrong, by days and both ways."""

import pytest
import time_machine

from applications.models import ClockFact, Event
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import found
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wrong", ["2026-02-27 10:00+08:00", "2026-03-04 10:00+08:00", "2031-01-01 00:00+08:00"])
def test_every_moment_is_the_databases(county: County, wrong: str) -> None:
    now = at("2026-03-02 10:00")
    with time_machine.travel(wrong, tick=False):
        case = county.accepted(county.matter(promised=5))
    assert set(Event.objects.filter(application=case).values_list("at", flat=True)) == {now}
    assert set(ClockFact.objects.filter(clock__application=case).values_list("at", flat=True)) == {now}
    due = clock_of(case, "promised").due_at
    assert due is not None
    assert due.astimezone(now.tzinfo).date().isoformat() == "2026-03-09"
    assert found() == set()
    assert prove_lights().differences == ()
