"""C17: an older backup is restored."""

import pytest
from django.db import connection, transaction

from halls.domain.errors import Refused
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.models import Anchor
from tests.clock.attack import found, run, shown_after_the_night
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
TABLES = ("applications_event", "applications_document")


def test_anchors_newer_than_the_database_tell(county: County) -> None:
    county.accepted(county.matter())
    anchor_ledger()
    backup = transaction.savepoint()
    numbers = [run_one(f"SELECT last_value FROM {table}_id_seq") for table in TABLES]
    at("2026-03-04 10:00")
    county.accepted(county.matter())
    anchor_ledger()
    assert found(with_anchors=True) == set()
    transaction.savepoint_rollback(backup)  # the database of Monday, to the last row; the file is of Wednesday
    for table, number in zip(TABLES, numbers, strict=True):
        run(f"SELECT setval('{table}_id_seq', %s)", number)
    assert Anchor.objects.count() == 1
    assert found() == set()  # in itself it is without a fault
    assert found(with_anchors=True) == {"anchor_behind"}
    assert "恢复了较早的备份" in shown_after_the_night(county)
    with pytest.raises(Refused, match="behind"):
        anchor_ledger()


def test_what_is_written_over_the_hole_does_not_hide_it(county: County) -> None:
    county.accepted(county.matter())
    anchor_ledger()
    backup = transaction.savepoint()
    numbers = [run_one(f"SELECT last_value FROM {table}_id_seq") for table in TABLES]
    at("2026-03-04 10:00")
    county.accepted(county.matter())
    anchor_ledger()
    transaction.savepoint_rollback(backup)
    for table, number in zip(TABLES, numbers, strict=True):
        run(f"SELECT setval('{table}_id_seq', %s)", number)
    at("2026-03-05 10:00")
    county.accepted(county.matter())  # takes the very numbers that were lost
    assert found(with_anchors=True) == {"anchor_changed"}


def run_one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
