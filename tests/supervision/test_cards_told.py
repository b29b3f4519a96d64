"""A card is told while it stands, and the days for an appeal run since the blamed body was told."""

from datetime import date

import pytest
from django.db import connection

from halls.domain.duties import PostKind
from halls.domain.errors import Refused
from halls.models import Post
from supervision.actions.appeal_card import appeal_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.actions.sweep import sweep
from supervision.models import LadderStep, LimitWarning, Message, Untold
from supervision.selectors.cards import told_at
from tests.factories.halls import person_in_post
from tests.supervision.cards import card_by_hand, late_card, staffed, told
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 25)


@pytest.fixture
def people(county):
    return staffed(county)


def revoke(people, card):
    asked = propose_revocation(card.pk, actor=people.actor("third"), reason="算错")
    decider = "second" if card.issued_by_id is None else "fourth"
    people.people.setdefault("fourth", person_in_post(PostKind.SUPERVISOR, people.hall))
    review_card(asked.pk, actor=people.actor(decider), act="revoke", reason="同意")


def told_of(card):
    return Message.objects.filter(key=f"warning:{card.pk}")


def told_on(card):
    found = told_at(card, TODAY)
    return f"{found.astimezone():%m-%d}" if found else None


def everybody_left(people, *roles):
    Post.objects.filter(user__in=[people.people[role] for role in roles]).update(ends_on="2026-02-01")


def test_a_card_that_was_revoked_before_it_was_told_is_told_nobody(people):
    card = card_by_hand(people)
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    revoke(people, card)
    told()
    assert not told_of(card).exists()
    assert not Untold.objects.filter(warning=card).exists()


@pytest.mark.parametrize("make", [late_card, card_by_hand])
def test_nor_is_its_later_step(people, make):
    LadderStep.objects.filter(audience="county_supervisor").update(delay_days=2)
    card = make(people, level="red") if make is card_by_hand else make(people, "red", "2026-03-20 09:00")
    if make is card_by_hand:
        confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    told()
    before = told_of(card).count()
    assert before
    assert Untold.objects.filter(warning=card).exists()
    revoke(people, card)
    at("2026-03-30 09:00")
    told()
    assert told_of(card).count() == before
    assert not Untold.objects.filter(warning=card).exists()


# --- since when an appeal runs ----------------------------------------------------------------------------------------


def test_the_days_run_since_somebody_of_the_body_was_told(people):
    card = card_by_hand(people)
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    for who, day in (("supervisor", "10"), ("clerk1", "11"), ("approver0", "16"), ("window0", "17")):
        Message.objects.create(
            user=people.people[who],
            kind="limit",
            words="x",
            key=f"warning:{card.pk}",
            made_at=at(f"2026-03-{day} 09:00"),
        )
    assert told_on(card) == "03-16"
    at("2026-03-23 09:00")
    assert appeal_card(card.pk, actor=people.actor("approver0"), reason="不服").act == "appeal"


def test_where_it_had_nobody_they_run_since_it_has_somebody(people):
    card = _late_without_people(people)
    assert told_of(card).exists()
    assert told_on(card) is None
    newcomer = person_in_post(PostKind.APPROVER, people.townships[0])
    Post.objects.filter(user=newcomer).update(starts_on="2026-03-18")
    people.people["newcomer"] = newcomer
    assert told_on(card) == "03-18"
    at("2026-03-26 09:00")
    with pytest.raises(Refused, match="appeal_late"):
        appeal_card(card.pk, actor=people.actor("newcomer"), reason="不服")


def _late_without_people(people):
    """A card of the township, told in March to others: its people's posts ended when it was earned."""
    case = people.accepted(people.matter(promised=5))
    everybody_left(people, "approver0", "examiner0", "window0", "director0", "clerk0")
    at("2026-03-10 09:00")
    sweep()
    return LimitWarning.objects.filter(application=case, level="yellow", seat_path=people.townships[0].path).latest(
        "pk"
    )


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        ("message_of_key", "supervision_message WHERE key = 'warning:1'"),
        ("rating_from_device", "supervision_rating WHERE device = 'a' AND rated_at > now()"),
        ("rating_of_time", "supervision_rating WHERE rated_at > now()"),
    ],
)
def test_what_is_asked_often_has_an_index(people, index, rows):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM {rows}")
        assert index in " ".join(line for (line,) in cursor.fetchall())
