"""Nobody types a code: halls and departments are chosen from those that one may."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from halls.models import Department, Hall
from halls.selectors.pickers import bodies_to_choose, halls_to_choose

pytestmark = pytest.mark.django_db


def page_of(county, role, name, **query):
    client = Client()
    client.force_login(county.people[role])
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(text, field):
    """The groups of a select with the codes in each."""
    select = re.search(rf'<select[^>]*name="{field}".*?</select>', text, re.DOTALL)
    assert select is not None
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', select.group(0), re.DOTALL)
    return {name: re.findall(r'value="([^"]+)"', options) for name, options in groups}


def test_each_township_has_a_group_and_whoever_watches_it_has_no_other(busy):
    county, (east, west) = busy.hall, busy.townships
    own, other = ([hall.code, village.code] for hall, village in zip((east, west), busy.villages, strict=True))
    whole = {"县级": [county.code], east.name: own, west.name: other}
    for role, name, field, wanted in (
        ("supervisor", "ledger", "hall", whole),
        ("director0", "ledger", "hall", {east.name: own}),
        ("supervisor", "screens", "hall", whole),
        ("director0", "screens", "hall", {east.name: own}),
    ):
        assert offered(page_of(busy, role, name), field) == wanted, (role, name)
    village = offered(page_of(busy, "clerk0", "ledger"), "hall")
    assert list(village.values()) == [[busy.villages[0].code]]


def test_an_exclusion_is_proposed_of_a_hall_or_a_department_of_the_county(busy):
    found = offered(page_of(busy, "supervisor", "supervision_exclusions"), "body")
    assert set(found["县级"]) == {busy.hall.code, busy.bureau.code, busy.station.code}
    assert {code for codes in found.values() for code in codes} == {
        *Hall.objects.values_list("code", flat=True),
        *Department.objects.values_list("code", flat=True),
    }
    assert "提出后由另一位" not in page_of(busy, "director0", "supervision_exclusions")


def test_what_was_closed_is_chosen_for_its_earlier_months_alone(busy):
    village = busy.villages[1]
    Hall.objects.filter(pk=village.pk).update(retired_on=date(2026, 3, 1))
    prefixes = [busy.townships[1].path]
    assert village.code in str(halls_to_choose(prefixes, with_retired=True))
    assert village.code not in str(halls_to_choose(prefixes))
    assert village.code not in str(bodies_to_choose(prefixes))
    assert halls_to_choose([]) == []


def test_what_was_chosen_stays_chosen_when_the_page_says_what_is_wrong(busy):
    client = Client()
    client.force_login(busy.people["supervisor"])
    code = busy.townships[0].code
    answer = client.post(reverse("screens"), {"hall": code, "kind": "wall"})
    assert answer.status_code == 400
    assert f'value="{code}" selected' in answer.content.decode()
    answer = client.post(reverse("supervision_exclusions"), {"body": code, "starts_on": ""})
    assert answer.status_code == 422
    assert f'value="{code}" selected' in answer.content.decode()
    for name, field in (("screens", "大厅"), ("supervision_exclusions", "单位")):
        assert f"请在「{field}」里选一项。" in client.post(reverse(name), {}).content.decode()
