"""The invented orders of the demonstration: lawful acts at moments of the past, and none at the second call."""

import pytest
from django.core.management import call_command

from supervision.models import Accountability, OrderAct, SupervisionOrder
from tests.supervision.county import settle_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_new_county_has_orders_in_several_states_numbered_in_order():
    call_command("make_demo_orders")
    orders = list(SupervisionOrder.objects.order_by("pk"))
    assert [order.state for order in orders] == ["closed", "unrectified", "issued", "issued", "withdrawn"]
    assert len({order.number for order in orders}) == 5
    assert sorted(order.issued_at for order in orders) == [order.issued_at for order in orders]
    assert orders[2].term.due_at < OrderAct.objects.get(order=orders[4], act="withdraw").at
    account = Accountability.objects.get(order=orders[1])
    assert [one["title"] for one in account.holders] == ["便民服务中心主任"]
    call_command("make_demo_orders")
    assert SupervisionOrder.objects.count() == 5
    settle_clock()
