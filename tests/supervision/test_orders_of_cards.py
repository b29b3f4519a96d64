"""An order about a card or a case goes out about what stands, to whoever has it; what else is refused is no order."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from applications.models import Application
from halls.domain.errors import Refused
from supervision.actions import issue_order as issuing
from supervision.actions.cancel_card import cancel_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.issue_card import issue_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.models import LimitWarning, SupervisionOrder
from tests.supervision.cards import card_by_hand, charge, late_card, rules_that_wait, staffed
from tests.supervision.county import at
from tests.supervision.ordering import TEXTS, issue

BY_HAND = [
    "application",
    "level",
    "mode",
    "seat_path",
    "fault",
    "facts",
    "citation",
    "happened_on",
    "issued_by",
    "issued_person",
    "effective_at",
    "recorded_at",
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    return staffed(county)


def visitor(county, who):
    client = Client()
    client.force_login(county.people[who])
    return client


def refusal_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def gone(people, how):
    """A card that blames nobody: it waits, was cancelled, or was revoked."""
    if how == "revoked":
        card = late_card(people)
        asked = propose_revocation(card.pk, actor=people.actor("supervisor"), reason="算错")
        review_card(asked.pk, actor=people.actor("second"), act="revoke", reason="同意")
        return card
    rules_that_wait(people, "yellow")
    card = late_card(people)
    if how == "cancelled":
        cancel_card(card.pk, actor=people.actor("supervisor"), reason="不发")
    return card


@pytest.mark.parametrize("who", ["supervisor", "director0"])
@pytest.mark.parametrize(
    ("how", "code"), [("waits", "not_issued"), ("cancelled", "already_cancelled"), ("revoked", "already_revoked")]
)
def test_a_card_that_blames_nobody_is_not_ordered_and_its_form_says_so(people, how, code, who):
    card = gone(people, how)
    assert refusal_of(lambda: issue(people, card=card.pk, by=who)) == code
    assert visitor(people, who).get(reverse("order_new"), {"card": card.pk}).status_code == 409


def test_a_card_by_hand_is_put_under_an_order(people):
    card = card_by_hand(people)
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    client, link = visitor(people, "third"), f"{reverse('order_new')}?card={card.pk}"
    assert card.get_fault_display() in client.get(link).context["form"].initial["facts"]
    assert client.post(link, TEXTS).status_code == 302
    assert SupervisionOrder.objects.get().card_id == card.pk


def test_what_the_database_refuses_for_another_reason_is_no_second_order(people, monkeypatch):
    def broken(*_args):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE supervision_supervisionorder SET facts = 'x'")

    issue(people)
    monkeypatch.setattr(issuing, "_write", broken)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        issue(people, people.bureau)


def test_two_presses_make_one_card_by_hand(people):
    card = card_by_hand(people)

    def again(**changes):
        return issue_card(card.application_id, charge(people, **changes), actor=people.actor("supervisor"))

    assert refusal_of(again) == "already_charged"
    assert refusal_of(lambda: again(level="yellow")) == "already_charged"
    assert again(fault="no_notice").pk != card.pk
    cancel_card(card.pk, actor=people.actor("second"), reason="依据写错")
    assert again().pk != card.pk
    with pytest.raises(IntegrityError, match="warning_by_hand_once"), transaction.atomic():
        LimitWarning.objects.create(**{name: getattr(card, name) for name in BY_HAND})


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_case_that_is_moving_is_waited_for(county):
    case = county.accepted(county.matter())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Application.objects.select_for_update(no_key=True).get(pk=case.pk)
            result = pool.submit(_order_from_elsewhere, county, case)
            waits = not _is_done(result, 1)
        assert waits
        assert result.result(20) == case.number


def _is_done(result, seconds):
    try:
        result.result(seconds)
    except TimeoutError:
        return False
    return True


def _order_from_elsewhere(county, case):
    try:
        at("2026-03-03 10:00")
        order = issue(county, case=case.number)
        assert order.application is not None
        return order.application.number
    finally:
        connection.close()
