"""Whoever holds two accounts, with a code typed two ways, is one person: to the site and to the database."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from halls.domain.duties import PostKind
from halls.domain.errors import Refused
from halls.models import User
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.confirm_card import confirm_card
from supervision.actions.decide_appeal import decide_appeal
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.models import Callback, CallbackCall, CardReview, OrderAct, RatingAct, VoiceAct
from supervision.querysets import barred_nodes
from supervision.selectors.signatures import second_signers
from tests.clock.attack import as_application
from tests.factories.halls import UserFactory, person_in_post
from tests.supervision.cards import card_by_hand, late_card
from tests.supervision.county import at
from tests.supervision.ordering import issue, reply
from tests.supervision.rating import bad, ended
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    """A supervisor of the county with a second account, whose code lacks the hyphen."""
    call_command("secure_database", verbosity=0)
    first = county.people["supervisor"]
    User.objects.filter(pk=first.pk).update(person_code="P-001")
    twin = UserFactory.create(person_code="p001")
    county.people["twin"] = person_in_post(PostKind.SUPERVISOR, county.hall, user=twin)
    return county


def signed(county, who):
    user = User.objects.get(pk=county.people[who].pk)
    return {"user": user, "person_code": user.person_code, "at": at("2026-03-12 10:00")}


def refused(make, match):
    with as_application(), pytest.raises(DatabaseError, match=match), transaction.atomic():
        make()


def same_person(act):
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == "same_person"


def test_a_card_by_hand_is_not_confirmed_under_the_second_account(people):
    card = card_by_hand(people)
    same_person(lambda: confirm_card(card.pk, actor=people.actor("twin"), reason="属实"))
    said = {"card": card, "act": "confirm", "reason": "x", **signed(people, "twin")}
    refused(lambda: CardReview.objects.create(**said), "another person confirms")


def test_nor_is_a_card_revoked_under_it(people):
    card = late_card(people)
    asked = propose_revocation(card.pk, actor=people.actor("supervisor"), reason="时限算错")
    same_person(lambda: review_card(asked.pk, actor=people.actor("twin"), act="revoke", reason="同意"))
    said = {"card": card, "act": "revoke", "answers": asked, "reason": "x", **signed(people, "twin")}
    refused(lambda: CardReview.objects.create(**said), "another person decides")


def test_an_appeal_about_a_rating_is_not_decided_under_it(people):
    rating, desk = bad(people), UserFactory.create(person_code="P001")
    people.people["desk"] = person_in_post(PostKind.VILLAGE_CLERK, people.villages[0], user=desk)
    appeal_rating(rating.pk, actor=people.actor("desk"), reason="评错了大厅")
    same_person(lambda: decide_appeal(rating.pk, actor=people.actor("twin"), is_excluded=True, reason="属实"))
    said = {"rating": rating, "act": "exclude", "to_state": "excluded", "reason": "x", **signed(people, "twin")}
    refused(lambda: RatingAct.objects.create(**said), "nobody else has appealed")


def test_whoever_worked_on_the_case_judges_nothing_under_it(people):
    User.objects.filter(pk=people.people["approver0"].pk).update(person_code="P-002")
    rating = bad(people)
    twin = UserFactory.create(person_code="P002")
    people.people["judge"] = person_in_post(PostKind.SUPERVISOR, people.hall, user=twin)
    appeal_rating(rating.pk, actor=people.actor("clerk0"), reason="评错了大厅")
    with pytest.raises(Refused) as refusal:
        decide_appeal(rating.pk, actor=people.actor("judge"), is_excluded=True, reason="属实")
    assert refusal.value.code == "own_case"
    said = {"rating": rating, "act": "exclude", "to_state": "excluded", "reason": "x", **signed(people, "judge")}
    refused(lambda: RatingAct.objects.create(**said), "worked on the case")


def test_the_second_signature_is_asked_of_nobody_under_it(people):
    signers = second_signers("P-001", at("2026-03-12 10:00").date())
    assert people.people["twin"].pk not in signers


def test_the_database_lets_nobody_reply_to_their_own_order_under_it(people):
    order = issue(people)
    people.people["twin"] = person_in_post(PostKind.SUPERVISOR, people.townships[0], user=people.people["twin"])
    said = {"order": order, "seq": 2, "act": "reply", "words": "x", **signed(people, "twin")}
    refused(lambda: OrderAct.objects.create(**said), "whoever ordered does not answer")


def test_a_complaint_about_their_hall_is_kept_from_both_accounts(people):
    person_in_post(PostKind.WINDOW_CLERK, people.townships[0], user=people.people["supervisor"])
    today = at("2026-03-12 10:00").date()
    assert people.townships[0].path in barred_nodes(["p001"], today)["p001"]


# --- and with the duty ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["approver1", "bureau_director", "clerk0", "director1"])
def test_the_database_asks_whoever_verifies_a_reply_for_their_post(people, who):
    order = issue(people)
    reply(people, order)
    said = {"order": order, "seq": 3, "act": "accept", "words": "x", **signed(people, who)}
    refused(lambda: OrderAct.objects.create(**said), "has the duty there")


@pytest.mark.parametrize("who", ["director1", "supervisor", "approver0"])
def test_and_whoever_replies(people, who):
    order = issue(people)
    said = {"order": order, "seq": 2, "act": "reply", "words": "x", **signed(people, who)}
    refused(lambda: OrderAct.objects.create(**said), "has the duty there")


@pytest.mark.parametrize("who", ["clerk0", "director1", "bureau_director", "system"])
def test_and_whoever_acts_about_a_rating(people, who):
    rating = bad(people)
    said = {"rating": rating, "act": "contact", "to_state": "verifying", "reason": "x", **signed(people, who)}
    refused(lambda: RatingAct.objects.create(**said), "has the duty there")


def test_and_for_their_own_code(people):
    rating = bad(people)
    said = {"rating": rating, "act": "contact", "to_state": "verifying", "reason": "x", **signed(people, "director0")}
    refused(lambda: RatingAct.objects.create(**said | {"person_code": "nobody"}), "staff list")


@pytest.mark.parametrize("who", ["clerk0", "approver0", "bureau_director", "director1"])
def test_and_whoever_refuses_a_complaint(people, who):
    voice = lodged(people.villages[0])
    moved = {"verb": "refuse", "from_state": "lodged", "to_state": "refused", "words": "x", "ground": "other"}
    refused(lambda: VoiceAct.objects.create(voice=voice, **moved, **signed(people, who)), "has the duty there|own hall")


@pytest.mark.parametrize("who", ["clerk0", "director1", "approver0"])
def test_and_whoever_calls_a_villager(people, who):
    case = ended(people)
    at("2026-03-12 10:00")
    draw_callbacks()
    callback = Callback.objects.get(application=case)
    said = {"callback": callback, "is_reached": False, **signed(people, who)}
    refused(lambda: CallbackCall.objects.create(**said), "watches from above")
