"""C20: games with time zones, formats, midnight and a missing year."""

import pytest
from django.db import IntegrityError, connection, transaction

from applications.actions.accept import accept
from halls.domain.errors import DomainError
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.actions.prove_lights import prove_lights
from supervision.selectors import read_watch
from tests.clock.attack import found, shown
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("moment", ["2026-03-02 00:05", "2026-03-02 23:55"])
def test_the_day_is_that_of_the_county_to_the_last_minute(county: County, moment: str) -> None:
    at(moment)
    case = county.accepted(county.matter(promised=5))
    due = clock_of(case, "promised").due_at
    assert due is not None
    assert due.astimezone(at(moment).tzinfo).isoformat() == "2026-03-09T23:59:59+08:00"
    assert found() == set()
    assert prove_lights().differences == ()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_a_session_whose_zone_was_moved_under_the_site_writes_no_shifted_moment(county: County, zone: str) -> None:
    county.filed(county.matter())
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{zone}'")
    with pytest.raises(IntegrityError), transaction.atomic():
        county.filed(county.matter())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    assert found() == set()


def test_the_anchors_do_not_depend_on_the_session_either(county: County) -> None:
    county.accepted(county.matter())
    anchor_ledger()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'America/New_York'; SET LOCAL DateStyle = 'SQL, DMY'")
    assert found(with_anchors=True) == set()


def test_a_missing_year_is_told_and_never_silently_counted(county: County) -> None:
    at("2026-12-25 10:00")
    case = county.accepted(county.matter(promised=10))
    assert case.is_provisional
    assert read_watch().missing_years == (2027,)
    assert "2027 年放假安排未发布" in shown(county)
    later = county.received(county.matter())
    at("2027-01-05 10:00")
    with pytest.raises(DomainError) as refusal:
        accept(later.pk, {}, actor=county.actor("window0"))
    assert refusal.value.cure
    assert "2027 年放假安排未载入：现在不能受理" in shown(county)
