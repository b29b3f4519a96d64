"""Whoever has the site's database role moves no hall, and retires or renames none unheard."""

from datetime import date

import pytest
from django.core.management import call_command
from simple_history.utils import bulk_update_with_history

from halls.models import Hall
from supervision.models import Message
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.cards import staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


@pytest.mark.parametrize(
    "change",
    [
        "code = '1'", "path = 'x/'", "tier = 'village'", "parent_id = NULL", "retired_on = '2026-01-01'", "name = 'x'",
        "short_name = 'x'",
    ],
)  # fmt: skip
def test_a_hall_keeps_its_place_and_its_history(people, change):
    blocked_as_application(f"UPDATE halls_hall SET {change} WHERE id = %s", people.townships[0].pk, by=(GUARDED,))


@pytest.mark.parametrize("change", ["code = '1'", "path = 'x/'", "retired_on = '2026-01-01'", "kind = 'office'"])
def test_nor_does_a_department_without_them(people, change):
    blocked_as_application(f"UPDATE halls_department SET {change} WHERE id = %s", people.bureau.pk, by=(GUARDED,))


def test_nor_does_a_division(people):
    hall = people.townships[0]
    for change in ("code = '1'", "level = 'village'"):
        blocked_as_application(f"UPDATE halls_division SET {change} WHERE id = %s", hall.division_id, by=(GUARDED,))


def test_with_its_history_everybody_who_signs_hears_of_it(people):
    hall = Hall.objects.get(pk=people.townships[0].pk)
    hall.retired_on = date(2026, 1, 1)
    with as_application():
        hall.save()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("UPDATE halls_hall SET phone = '12345', address = 'x', version = version + 1 WHERE id = %s", hall.pk)
    told = Message.objects.filter(key__startswith="signature:node:", read_at=None)
    assert set(told.values_list("user_id", flat=True)) == {
        people.people[name].pk for name in ("supervisor", "second", "third")
    }
    assert hall.name in told[0].words


def test_the_county_is_loaded_by_the_site(people):
    """As `load_county` writes: with histories, in bulk."""
    hall = Hall.objects.get(pk=people.townships[0].pk)
    hall.name = "新名"
    with as_application():
        bulk_update_with_history([hall], Hall, ["name"], default_change_reason="load_county")
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert Hall.objects.get(pk=hall.pk).name == "新名"
