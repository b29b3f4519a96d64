"""Whoever has the site's database role moves no card by a calendar, finding, appeal or order of thin air."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from halls.domain.duties import PostKind
from halls.models import CalendarNotice
from supervision.actions.review_card import review_card
from supervision.models import CardReview, Message
from supervision.models.card_review import life
from tests.clock.attack import as_application
from tests.factories.halls import person_in_post
from tests.supervision.cards import late_card, staffed, told
from tests.supervision.ordering import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def said(people, card, who, act, **more):
    user = people.people[who]
    own = {"user": user, "person_code": user.person_code, "reason": "x", "at": card.recorded_at}
    return CardReview(card=card, act=act, **own | more)


def write(*row, **more):
    made = said(*row, **more)
    with as_application():
        made.save(force_insert=True)
    return made


def refused(*row, match, **more):
    made = said(*row, **more)
    with as_application(), pytest.raises(DatabaseError, match=match), transaction.atomic():
        made.save(force_insert=True)


def heard(part, pk):
    return set(Message.objects.filter(key=f"signature:{part}:{pk}", read_at=None).values_list("user_id", flat=True))


@pytest.mark.parametrize("who", ["clerk0", "supervisor", "system"])
def test_no_calendar_is_the_pretext_for_a_card_that_it_did_not_touch(people, who):
    card, notice = late_card(people), CalendarNotice.objects.latest("pk")
    refused(people, card, who, "propose", match="no calendar", notice=notice)


def test_a_finding_of_the_machine_is_heard_by_everybody_who_watches_the_county(people):
    card = late_card(people)
    row = write(people, card, "system", "propose", finding="没有到点")
    assert heard("finding", row.pk) == {people.people[name].pk for name in ("supervisor", "second", "third")}
    review_card(row.pk, actor=people.actor("second"), act="uphold", reason="核对无误")
    assert life(card).stands


def test_an_appeal_in_somebodys_name_is_heard_by_the_others_who_decide_there(people):
    deputy = person_in_post(PostKind.APPROVER, people.townships[0])
    card = late_card(people)
    told()
    row = write(people, card, "approver0", "appeal")
    assert heard("appeal", row.pk) == {deputy.pk}
    assert heard("card", row.pk) == {people.people["approver0"].pk}


def test_a_card_is_marked_by_an_order_about_it_alone(people):
    card, other = late_card(people), late_card(people, moment="2026-03-24 09:00")
    refused(people, card, "supervisor", "order", match="no order is about")
    issue(people, card=other.pk)
    assert life(other).is_ordered
    refused(people, card, "supervisor", "order", match="no order is about")
