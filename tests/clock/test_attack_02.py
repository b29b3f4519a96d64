"""C02: events deleted or truncated, directly or by CASCADE through a parent."""

import pytest
from django.db.models import ProtectedError

from applications.models import Application
from tests.clock.attack import DENIED, GUARDED, blocked, blocked_as_application, found
from tests.supervision.county import County

pytestmark = pytest.mark.django_db
LEDGER = ("applications_event", "applications_document", "applications_clockfact", "supervision_limitwarning")
ANCHORED = (*LEDGER, "supervision_anchor", "supervision_proofrun")


@pytest.mark.parametrize("table", ANCHORED)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE"])
def test_the_site_takes_nothing_out_of_the_ledger(county: County, table: str, statement: str) -> None:
    county.accepted(county.matter())
    blocked_as_application(statement.format(table), by=(DENIED,))


@pytest.mark.parametrize("table", LEDGER)
def test_the_owner_is_refused_by_the_triggers(county: County, table: str) -> None:
    county.accepted(county.matter())
    blocked(f"TRUNCATE {table} CASCADE", by=(GUARDED,))
    if table != "supervision_limitwarning":  # no card yet, no row to refuse
        blocked(f"DELETE FROM {table}", by=(GUARDED,))


@pytest.mark.parametrize("parent", ["applications_application", "applications_applicant", "halls_user", "halls_hall"])
def test_no_parent_takes_the_ledger_with_it(county: County, parent: str) -> None:
    county.accepted(county.matter())
    blocked(f"TRUNCATE {parent} CASCADE", by=(GUARDED,))
    blocked(f"DELETE FROM {parent}", by=(GUARDED, "23503"))
    blocked_as_application(f"DELETE FROM {parent}", by=(DENIED, GUARDED, "23503"))


def test_the_orm_protects_as_well(county: County) -> None:
    case = county.accepted(county.matter())
    with pytest.raises(ProtectedError):
        case.delete()
    assert Application.objects.filter(pk=case.pk).exists()
    assert found() == set()
