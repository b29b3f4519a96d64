"""A limit starts with the promise of the hall that accepts, or the guide's: the database takes no forged one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from applications.selectors.ledger_ground import faults_of_cases
from halls.domain.duties import PostKind
from halls.models import Hall
from matters.actions.keep_promise import OwnPromise, keep_promise
from matters.models import HallPromise, Matter
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import DENIED, GUARDED, blocked_as_application, found, run
from tests.clock.test_guards_of_tales import Forger, start, stop
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
NEW = (
    "INSERT INTO matters_hallpromise (hall_id, matter_id, days, effective_on, reason, decided_at, user_id, person_code,"
    " actor_name, actor_post) SELECT %s, %s, %s, %s, '缩短', '2020-01-01', id, person_code, full_name, ''"
    " FROM halls_user WHERE id = %s"
)


def promised(county: County, matter: Matter, days: int | None, place: int = 0, day: str = "2026-03-03") -> HallPromise:
    """The township decides through its catalogue editor."""
    hall: Hall = county.townships[place]
    name = f"editor{place}"
    if name not in county.people:
        county.people[name] = person_in_post(PostKind.CATALOGUE_EDITOR, hall)
    own = OwnPromise(days, date.fromisoformat(day), "人手增加")
    return keep_promise(hall.code, matter.code, own, actor=county.actor(name))


@pytest.fixture
def own(county: County) -> HallPromise:
    return promised(county, county.matter(promised=5), 3)


def received(county: County, own: HallPromise, place: int = 0) -> tuple[Application, Forger]:
    case = county.received(Matter.objects.get(pk=own.matter_id), place)
    return case, Forger(case, county.people[f"window{place}"])


def accept(case: Application, *clocks: dict[str, Any]) -> dict[str, Any]:
    return {
        "clocks": [*stop("acceptance"), *clocks],
        "to": "in_progress",
        "seat": str(case.steps.get(seq=2).path),
    }


def test_forged_amounts_are_refused_and_the_honest_one_is_taken(county: County, own: HallPromise) -> None:
    at("2026-03-03 10:00")
    case, forger = received(county, own)
    step = start("step", 3, step=2)
    for promise in (
        start("promised", 5, alone=True),  # the guide's, though the hall promises less
        start("promised", 5, alone=True, promise=own.pk),
        start("promised", 4, alone=True, promise=own.pk),
        start("promised", 3, alone=True),  # of nobody's decision
        start("promised", 3, alone=True, promise=own.pk + 1),
    ):
        forger.refused("accept", **accept(case, promise, step))
    honest = start("promised", 3, alone=True, promise=own.pk)
    forger.refused("accept", **accept(case, honest, start("step", 4, step=2)))  # the slice of the guide
    forger.refused("accept", **accept(case, honest, start("step", 3, step=2, promise=own.pk)))
    forger.write("accept", **accept(case, honest, step))


def test_before_its_day_and_in_another_hall_the_guide_counts(county: County, own: HallPromise) -> None:
    case, forger = received(county, own)
    forger.refused("accept", **accept(case, start("promised", 3, alone=True, promise=own.pk), start("step", 3, step=2)))
    at("2026-03-03 10:00")
    case, forger = received(county, own, 1)
    forger.refused("accept", **accept(case, start("promised", 3, alone=True, promise=own.pk), start("step", 3, step=2)))
    forger.write("accept", **accept(case, start("promised", 5, alone=True), start("step", 4, step=2)))


def test_a_decision_is_shorter_later_and_somebodys(county: County) -> None:
    matter, immediate = county.matter(promised=5), county.matter(promised=0, immediate=True)
    hall, who = county.townships[0].pk, county.people["window0"].pk
    for values in (
        (hall, matter.pk, 5, "2026-03-03", who),
        (hall, matter.pk, 9, "2026-03-03", who),
        (hall, immediate.pk, 1, "2026-03-03", who),
        (hall, matter.pk, 3, "2026-03-02", who),  # of today: cases of this morning were promised something else
        (hall, matter.pk, 3, "2026-02-01", who),
    ):
        blocked_as_application(NEW, *values, by=(GUARDED,))
    run(NEW, hall, matter.pk, 3, "2026-03-03", who)
    assert f"{HallPromise.objects.get().decided_at:%Y-%m-%d}" == "2026-03-02"
    with pytest.raises(IntegrityError, match="hall_promise_is_a_day_or_more"), transaction.atomic():
        run(NEW, hall, matter.pk, 0, "2026-03-03", who)


def test_a_decision_stays_on_record(own: HallPromise) -> None:
    for change in ("UPDATE matters_hallpromise SET days = 4", "DELETE FROM matters_hallpromise"):
        blocked_as_application(change, by=(DENIED, GUARDED))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE matters_hallpromise SET days = 4",
        "UPDATE matters_hallpromise SET effective_on = '2026-03-09'",
        "UPDATE matters_hallpromise SET hall_id = (SELECT max(id) FROM halls_hall)",
    ],
)
def test_a_decision_that_an_owner_rewrites_is_found(county: County, own: HallPromise, change: str) -> None:
    at("2026-03-03 10:00")
    case = county.accepted(Matter.objects.get(pk=own.matter_id))
    assert (clock_of(case, "promised").amount, found(), prove_lights().differences) == (3, set(), ())
    with unguarded("matters_hallpromise"):
        run(change)
    assert found() == {"measure"}


def measured() -> set[tuple[int, str]]:
    return {(fault.application, fault.code) for fault in faults_of_cases()}


@pytest.mark.parametrize(("kind", "amount"), [("step", 4), ("promised", 5), ("promised", 2)])
def test_a_clock_that_an_owner_gives_another_measure_is_found(
    county: County, own: HallPromise, kind: str, amount: int
) -> None:
    at("2026-03-03 10:00")
    case = county.accepted(Matter.objects.get(pk=own.matter_id))
    assert measured() == set()
    with unguarded():
        run("UPDATE applications_clock SET amount = %s WHERE kind = %s AND state = 'running'", amount, kind)
    assert measured() == {(case.pk, "measure")}
    assert found() == {"clock_changed"}
