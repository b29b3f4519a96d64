"""A limit starts with the promise of the hall that accepts, or the guide's: the database takes no forged one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from applications.selectors.ledger_ground import faults_of_cases
from halls.domain.duties import POST_LABELS, PostKind
from halls.models import Department, Hall, Post
from matters.actions.keep_promise import OwnPromise, keep_promise
from matters.models import HallPromise, Matter, MatterVersion
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import DENIED, GUARDED, blocked_as_application, found, run
from tests.clock.test_guards_of_tales import Forger, start, stop
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
NEW = (
    "INSERT INTO matters_hallpromise (hall_id, matter_id, days, effective_on, reason, decided_at, user_id, person_code,"
    " actor_name, actor_post) SELECT %s, %s, %s, %s, '缩短', '2020-01-01', id, person_code, full_name, %s"
    " FROM halls_user WHERE id = %s"
)
TITLE = "事项管理员"


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
    hall, who = county.townships[0].pk, person_in_post(PostKind.CATALOGUE_EDITOR, county.townships[0]).pk
    for values in (
        (hall, matter.pk, 5, "2026-03-03", TITLE, who),
        (hall, matter.pk, 9, "2026-03-03", TITLE, who),
        (hall, immediate.pk, 1, "2026-03-03", TITLE, who),
        (hall, matter.pk, 3, "2026-03-02", TITLE, who),  # of today: cases of this morning were promised something else
        (hall, matter.pk, 3, "2026-02-01", TITLE, who),
    ):
        blocked_as_application(NEW, *values, by=(GUARDED,))
    run(NEW, hall, matter.pk, 3, "2026-03-03", TITLE, who)
    assert f"{HallPromise.objects.get().decided_at:%Y-%m-%d}" == "2026-03-02"
    with pytest.raises(IntegrityError, match="hall_promise_is_a_day_or_more"), transaction.atomic():
        run(NEW, hall, matter.pk, 0, "2026-03-03", TITLE, who)


def test_a_decision_is_of_whoever_edits_the_matters_of_this_hall(county: County) -> None:
    """The role of the site alone, with somebody's name, decides nothing for a hall."""
    matter, here = county.matter(promised=5), county.townships[0]
    own = person_in_post(PostKind.CATALOGUE_EDITOR, here)
    bureau = Department.objects.filter(kind=Department.Kind.BUREAU).first()
    assert bureau is not None
    gone = person_in_post(PostKind.CATALOGUE_EDITOR, here)
    Post.objects.filter(user=gone).update(ends_on=date(2026, 1, 6))
    for hall, title, who in (
        (here.pk, TITLE, county.people["window0"]),
        (here.pk, POST_LABELS[PostKind.WINDOW_CLERK], county.people["window0"]),
        (here.pk, "县长", own),
        (here.pk, TITLE, person_in_post(PostKind.CATALOGUE_EDITOR, county.townships[1])),
        (here.pk, TITLE, person_in_post(PostKind.CATALOGUE_EDITOR, bureau)),
        (here.pk, TITLE, gone),
        (Hall.objects.get(tier="county").pk, TITLE, own),
    ):
        blocked_as_application(NEW, hall, matter.pk, 3, "2026-03-03", title, who.pk, by=(GUARDED,))
    above = person_in_post(PostKind.CATALOGUE_EDITOR, Hall.objects.get(tier="county"))
    taken = MatterVersion.objects.filter(matter=matter)
    taken.update(accept_levels=["village"])
    blocked_as_application(NEW, here.pk, matter.pk, 3, "2026-03-03", TITLE, above.pk, by=(GUARDED,))
    taken.update(accept_levels=["village", "township"])
    run(NEW, here.pk, matter.pk, 3, "2026-03-03", TITLE, above.pk)


def test_who_holds_two_posts_decides_in_the_one_that_edits_matters(county: County) -> None:
    person_in_post(PostKind.CATALOGUE_EDITOR, county.townships[0], user=county.people["window0"])
    county.people["editor0"] = county.people["window0"]
    assert promised(county, county.matter(promised=5), 3).actor_post == TITLE


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
