"""Whoever has the site's database role invents neither body nor ground of a record, and leaves out nobody."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from applications.domain.lifecycle import STEP_DUTY
from halls.domain.duties import POST_DUTIES, Duty, PostKind
from halls.selectors.work_calendar import read_moment
from supervision.actions.confirm_card import confirm_card
from supervision.actions.open_accounts import open_accounts
from supervision.models import Accountability
from supervision.selectors.cards import ground_of
from tests.clock.attack import as_application
from tests.supervision.cards import card_by_hand, late_card, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def forge(card, **said):
    now = read_moment().at
    own = {
        "application_id": card.application_id,
        "act": "red_card",
        "fault": "organ",
        "citation": "捏造的依据",
        "seat_path": card.seat_path,
        "seat_name": "另一个单位",
        "holders": ground_of(card).holders,
        "breached_at": now,
        "opened_at": now,
    }
    with as_application(), transaction.atomic():
        return Accountability.objects.create(card=card, **own | said)


def test_body_and_ground_are_the_cards(people):
    card = late_card(people, "red", "2026-04-20 09:00")
    forge(card)
    row = Accountability.objects.get(card=card)
    assert row.seat_name == "东乡便民服务中心"
    assert row.citation == "时限届满"


def test_a_card_by_hand_says_its_own_ground(people):
    card = card_by_hand(people, level="red")
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    forge(card)
    assert Accountability.objects.get(card=card).citation == card.citation


def test_nobody_is_left_out_and_nobody_named_who_only_watches(people):
    card = late_card(people, "red", "2026-04-20 09:00")
    who = people.people["supervisor"]
    post = who.posts.get(kind="supervisor")
    watching = {"person_code": who.person_code, "name": who.full_name, "title": post.title}
    held = ground_of(card).holders
    assert held
    for holders in ([], [watching], held[1:], [*held, watching]):
        with pytest.raises(DatabaseError, match="held the duty there"):
            forge(card, holders=holders)


def test_the_site_opens_its_own_records(people):
    card = late_card(people, "red", "2026-04-20 09:00")
    with as_application():
        assert open_accounts() > 0
    row = Accountability.objects.get(card=card)
    assert row.holders
    assert row.citation not in ("", "时限届满")


def test_the_database_has_the_same_duties(people):
    for kind, duty in STEP_DUTY.items():
        with connection.cursor() as cursor:
            cursor.execute("SELECT supervision_kinds_for_step(%s)", [kind.value])
            (kinds,) = cursor.fetchone()
        wanted = {k for k, duties in POST_DUTIES.items() if Duty(duty) in duties and k is not PostKind.SYSTEM}
        assert set(kinds) == wanted
