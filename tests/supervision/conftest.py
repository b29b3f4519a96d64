from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction

from applications.selectors.rules import forget_rules
from halls.acting import Actor, acting_user
from halls.domain.duties import PostKind
from supervision.actions.open_accounts import open_accounts
from supervision.actions.sweep import sweep
from supervision.models import Accountability, LimitWarning
from tests.factories.halls import person_in_post
from tests.supervision import cards
from tests.supervision.county import County, at, settle_clock


@pytest.fixture(scope="module")
def _shared_county(request: pytest.FixtureRequest) -> Iterator[County | None]:
    """Built once per module, in a transaction around its tests; None where one of them wants a county of its own."""
    if not _may_share(request.node):
        yield None
        return
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        forget_rules()
        yield County.build()
        transaction.set_rollback(True)
        forget_rules()


def _may_share(module: pytest.Module) -> bool:
    """Whether every test of the module that reads the database reads this county, and leaves it by a rollback."""
    tests = [item for item in module.session.items if item.getparent(pytest.Module) is module]
    names = [set(getattr(item, "fixturenames", ())) for item in tests]
    reading = [name for name in names if name & {"db", "transactional_db", "county", "seeded", "busy", "live_server"}]
    alone = {"transactional_db", "live_server", "seeded", "busy", "open_page"}
    marked = any((mark := item.get_closest_marker("django_db")) and mark.kwargs.get("transaction") for item in tests)
    return not marked and all("county" in name and not name & alone for name in reading)


@pytest.fixture
def county(request: pytest.FixtureRequest, _shared_county: County | None) -> Iterator[County]:
    """A small county on 2026-03-02 10:00, a Monday; what a test does to the clock ends with it."""
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marker and marker.kwargs.get("transaction") else "db")
    forget_rules()
    built = deepcopy(_shared_county) or County.build()
    connection.check_constraints()  # as at the end of the transaction that built it
    at("2026-03-02 10:00")
    yield built
    at("")
    settle_clock()
    forget_rules()


@pytest.fixture
def staffed(county: County) -> County:
    county.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    return county


@pytest.fixture
def people(county: County) -> County:
    """The county with three supervisors: one asks, one confirms, one decides."""
    return cards.staffed(county)


@pytest.fixture
def red(people: County) -> LimitWarning:
    """A red card of 东乡."""
    return cards.late_card(people, "red", "2026-04-20 09:00")


@pytest.fixture
def account(people: County, red: LimitWarning) -> Accountability:
    """The record of accountability that it opened."""
    assert open_accounts() > 0
    return Accountability.objects.get(card=red)


@pytest.fixture(scope="module")
def _busy_county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """Built once per module, inside a transaction around all its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_rules()
        built = County.build()
        make_busy(built)
        yield built
        transaction.set_rollback(True)
        forget_rules()


@pytest.fixture(scope="module")
def lasting_busy(lasting: None) -> Iterator[County]:
    """The same, committed and swept, for a module whose tests look at it through a server and change nothing."""
    forget_rules()
    built = County.build()
    make_busy(built)
    at("2026-03-12 09:40")
    for place in (0, 0, 0, 1):
        built.accepted(built.matter(), place)
    at("2026-03-12 10:00")
    sweep()
    at("")
    yield built
    forget_rules()


@pytest.fixture
def busy(_busy_county: County, db: None) -> Iterator[County]:
    """Two townships on 12 March: cases of every status and light, some late, some paused, some concluded."""
    at("2026-03-12 10:00")
    yield _busy_county
    at("")


@pytest.fixture(scope="module")
def _march_county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """A busy month that is over, built once per module inside a transaction around its tests.

    A module that asks for `march` asks for no `county` of its own: that would be built inside the same transaction.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        forget_rules()
        built = County.build()
        make_busy(built)
        at("2026-04-01 06:00")
        sweep()
        yield built
        transaction.set_rollback(True)
        forget_rules()


@pytest.fixture
def march(_march_county: County, db: None) -> Iterator[County]:
    """The morning of 1 April, when March is over and nobody has drafted its paper."""
    forget_rules()
    connection.check_constraints()  # as at the end of the transaction that built it
    at("2026-04-01 06:00")
    yield deepcopy(_march_county)
    at("")
    settle_clock()
    forget_rules()


@pytest.fixture
def second(march: County) -> Actor:
    """Another supervisor of the county, who may sign what the first one reviewed."""
    return acting_user(person_in_post(PostKind.SUPERVISOR, march.hall))


def make_busy(county: County) -> None:
    at("2026-02-25 10:00")
    county.delivered(county.granted(county.accepted(county.matter(promised=5))))
    county.accepted(county.matter(promised=30))
    at("2026-03-02 10:00")
    for place in (0, 1):
        late = county.accepted(county.matter(promised=1), place)
        county.accepted(county.matter(promised=2), place)
        county.suspended(county.special_matter(days=5), place)
        county.suspended(county.special_matter(days=20), place)
        county.withdrawn(county.filed(county.matter(), place), place)
        county.declined(county.received(county.matter(), place), place)
        fine = county.accepted(county.matter(promised=9), place)
        at("2026-03-05 10:00")
        county.delivered(county.granted(late, place), place)
        county.delivered(county.granted(fine, place), place)
        county.accepted(county.bureau_matter(), place)
        at("2026-03-02 10:00")
    at("2026-03-11 10:00")
    county.filed(county.matter())
    county.received(county.matter(), 1)
    county.accepted(county.matter(promised=2))
    county.accepted(county.matter(promised=60), 1)
    county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
