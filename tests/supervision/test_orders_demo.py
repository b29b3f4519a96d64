"""The invented orders of the demonstration: lawful acts at moments of the past, and none at the second call."""

import pytest
from django.core.management import call_command

from supervision.models import OrderAct, SupervisionOrder
from tests.supervision.county import settle_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_new_county_has_orders_in_several_states_numbered_in_order():
    call_command("make_demo_orders")
    orders = list(SupervisionOrder.objects.order_by("pk"))
    assert [order.state for order in orders] == ["closed", "issued", "issued", "withdrawn"]
    assert len({order.number for order in orders}) == 4
    assert sorted(order.issued_at for order in orders) == [order.issued_at for order in orders]
    assert orders[1].term.due_at < OrderAct.objects.get(order=orders[3], act="withdraw").at
    call_command("make_demo_orders")
    assert SupervisionOrder.objects.count() == 4
    settle_clock()
