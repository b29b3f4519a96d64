"""督办单: about what it is, whom it goes to, what it says, and whom it reaches."""

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Invalid
from halls.models import User
from supervision.actions import _orders
from supervision.actions.issue_order import Wanted, issue_order
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.models import LimitWarning, Message, Untold
from tests.supervision.county import at
from tests.supervision.ordering import accept, issue, outcome, reply, send_back, told, withdraw

pytestmark = pytest.mark.django_db


def test_a_case_is_ordered_from_whoever_holds_it(county):
    township = county.accepted(county.matter())
    bureau = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    first, second = issue(county, case=township.number), issue(county, case=bureau.number)
    # The township's hall has a director; a bureau's chief representative decides there.
    assert (first.organ_path, first.duty) == (county.townships[0].path, "supervise")
    assert (second.organ_path, second.duty) == (county.bureau.path, "decide")
    assert township.display_number in first.title
    assert outcome(lambda: issue(county, case=bureau.number, by="director0")) == "organ_out_of_scope"
    assert outcome(lambda: issue(county, case=bureau.number, by="director1")) == "not_found"


def test_a_card_is_ordered_from_whoever_it_stands_against(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-10 10:00")
    sweep()
    card = LimitWarning.objects.filter(application=case, level="yellow").latest("pk")
    order = issue(county, card=card.pk)
    assert (order.card_id, order.application_id, order.organ_path) == (card.pk, case.pk, card.seat_path)
    assert outcome(lambda: issue(county, card=card.pk, by="director1")) == "not_found"


def test_one_case_or_matter_has_one_open_order_at_one_organ(county):
    case = county.accepted(county.matter())
    first = issue(county, case=case.number)
    assert outcome(lambda: issue(county, case=case.number)) == "already_ordered"
    assert outcome(lambda: issue(county)) == "done"
    assert outcome(lambda: issue(county)) == "already_ordered"
    withdraw(county, first)
    assert issue(county, case=case.number).serial == 3  # what was refused used no number


def test_what_is_missing_is_named_field_by_field(county):
    with pytest.raises(Invalid) as refusal:
        issue_order(Wanted("", " ", "x" * 301, organ=county.bureau.code), actor=county.actor("supervisor"))
    assert {problem.field for problem in refusal.value.problems} == {"title", "facts", "demand", "basis"}
    assert outcome(lambda: issue(county, organ=county.bureau)) == "done"
    wrong = Wanted("a", "b", "c", organ="nowhere", title="x")
    assert outcome(lambda: issue_order(wrong, actor=county.actor("supervisor"))) == "organ_missing"
    assert outcome(lambda: issue_order(wrong, actor=county.actor("system"))) == "no_supervision"


def test_each_side_is_told_of_what_the_other_did(county):
    order = issue(county)
    reply(county, order)
    send_back(county, order)
    reply(county, order)
    accept(county, order)
    director, supervisor = county.people["director0"].pk, county.people["supervisor"].pk
    assert [told(order, seq) for seq in range(1, 6)] == [
        {director}, {supervisor}, {director}, {supervisor}, {director},
    ]  # fmt: skip
    message = Message.objects.get(key=f"order:{order.pk}:1")
    assert message.detail["page"] == f"/supervision/orders/{order.pk}/"
    assert "窗口无人值守" in message.words
    assert "5 个工作日" in message.words
    # A village without a head: the township's chief representative is told, and hears why.
    village = issue(county, county.villages[0])
    assert told(village, 1) == {county.people["approver0"].pk}


def test_an_act_that_reached_nobody_is_told_when_somebody_is_in_post(county, monkeypatch):
    """It shows where rungs that found nobody do, and says then what it would have said at once."""
    monkeypatch.setattr(_orders, "roster_of", lambda *_asked: {})
    order = issue(county)
    assert not told(order, 1)
    at("2026-03-02 10:02")
    tell()
    at("2026-03-02 10:10")
    tell()
    assert Untold.objects.get(order_act__order=order).attempts == 3
    client = Client()
    client.force_login(User.objects.get(pk=county.people["supervisor"].pk))
    page = client.get(reverse("supervision_outbox")).content.decode()
    assert order.number in page
    assert "1 条预警、红黄牌或督办通知找不到人告知" in page
    monkeypatch.undo()
    client.post(reverse("supervision_outbox_retry"))
    tell()
    assert not Untold.objects.exists()
    assert told(order, 1)
    assert all("请在 5 个工作日内回复" in row.words for row in Message.objects.filter(key=f"order:{order.pk}:1"))
