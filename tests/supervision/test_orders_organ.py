"""Choosing the organ of an order: searched by name, without JavaScript, and nothing typed is lost by it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Refused
from supervision.forms import organs
from supervision.models import SupervisionOrder
from supervision.permissions.orders import issuer_of
from tests.factories.halls import DepartmentFactory
from tests.supervision.ordering import TEXTS

pytestmark = pytest.mark.django_db
TYPED = {**TEXTS, "title": "窗口无人值守"}


@pytest.fixture
def visitor(county, monkeypatch):
    monkeypatch.setattr(organs, "LISTED_WHOLE", 3)  # as if the county were large
    client = Client()
    client.force_login(county.people["supervisor"])
    return client


def listed(page):
    choices = page.context["form"].fields["organ"].choices[1:]
    return [name for _group, rows in choices for _code, name in rows]


def test_at_first_the_departments_and_townships_are_listed(visitor, county):
    page = visitor.get(reverse("order_new"))
    assert sorted(listed(page)) == sorted(
        [county.hall.name, county.bureau.name, *(one.name for one in county.townships)]
    )
    assert "写出名称里的几个字" in page.content.decode()


def test_a_village_is_found_by_some_letters_of_its_name_and_everything_typed_stays(visitor, county):
    village = county.villages[1]
    page = visitor.post(reverse("order_new"), {**TYPED, "find": village.name[:3], "look": "1"})
    assert page.status_code == 200
    assert village.name in listed(page)
    assert county.bureau.name not in listed(page)
    form = page.context["form"]
    assert not form.errors
    assert {name: form[name].value() for name in TYPED} == TYPED
    sent = visitor.post(reverse("order_new"), {**TYPED, "find": village.name[:3], "organ": village.code})
    assert sent.status_code == 302
    assert SupervisionOrder.objects.get().organ_path == village.path


def test_what_was_chosen_stays_while_one_searches_on_and_what_nothing_has_is_said(visitor, county):
    page = visitor.post(
        reverse("order_new"), {**TYPED, "organ": county.villages[0].code, "find": "没有的单位", "look": "1"}
    )
    assert listed(page) == [county.villages[0].name]
    assert page.context["form"]["organ"].value() == county.villages[0].code
    assert "没有名称里有“没有的单位”的单位" in page.content.decode()


def test_a_fault_elsewhere_keeps_the_village_that_was_found(visitor, county):
    page = visitor.post(reverse("order_new"), {**TYPED, "facts": "", "organ": county.villages[0].code})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"facts"}
    assert county.villages[0].name in listed(page)


def test_an_organ_that_is_none_is_refused_at_its_field(visitor):
    page = visitor.post(reverse("order_new"), {**TYPED, "organ": "nowhere"})
    assert "organ" in page.context["form"].errors


def test_the_enter_key_searches_and_issues_nothing(visitor):
    """It presses the first button: an order is not signed by a slip of the hand in a search field."""
    page = visitor.get(reverse("order_new")).content.decode().split('id="order-form"')[1]
    assert page.index('name="look"') == page.index('name="', page.index('type="submit"'))


def test_no_order_goes_to_a_government_as_such(county):
    """The county's own stands above whoever watches for it; 乡镇人民政府 in general is nobody in particular."""
    government: Any = DepartmentFactory(hall=county.hall, name="示例县人民政府", organ="县人民政府")
    townships: Any = DepartmentFactory(hall=county.hall, name="各乡镇人民政府", organ="乡镇人民政府(街道办事处)")
    client = Client()
    client.force_login(county.people["supervisor"])
    assert {government.name, townships.name}.isdisjoint(listed(client.get(reverse("order_new"))))
    sent = client.post(reverse("order_new"), {**TYPED, "organ": government.code})
    assert "organ" in sent.context["form"].errors
    with pytest.raises(Refused, match="a_government"):
        issuer_of(government.path, county.actor("supervisor"))


@pytest.mark.parametrize("found", ["", "东"])
def test_what_was_searched_for_is_no_markup(visitor, county, found):
    sought = '<i hx-get="/" hx-trigger=load>'
    if found:
        DepartmentFactory.create(hall=county.hall, name=f"{''.join(sought.split())}{found}")
    page = visitor.post(reverse("order_new"), {**TYPED, "find": sought, "look": "1"})
    assert sought not in page.content.decode()
    assert "&lt;i hx-get=" in page.content.decode().split("名称里有")[1]
