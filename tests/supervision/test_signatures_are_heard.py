"""Whoever has the site's database role cannot keep a signature from being heard, nor a number from being drawn."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from supervision.actions.reveal_voice import reveal_voice
from supervision.models import CardReview, Message, RatingAct, Term, Voice, VoiceAct
from tests.clock.attack import as_application, blocked, run
from tests.supervision.cards import late_card, staffed
from tests.supervision.county import at
from tests.supervision.ordering import issue
from tests.supervision.rating import rated_badly
from tests.supervision.voices import accepted, lodged

pytestmark = pytest.mark.django_db
FAR = 9 * 10**18
OWN = ("id", "key", "number", "term_id")
MESSAGE = (
    "INSERT INTO supervision_message (user_id, kind, level, words, detail, key, made_at, read_at)"
    " VALUES (%s, 'notice', '', 'x', '{}', %s, '2026-01-01', '2026-01-01')"
)
REVIEW = (
    "INSERT INTO supervision_cardreview (id, card_id, act, answers_id, user_id, person_code, reason, at)"
    " SELECT %s, %s, %s, %s, id, person_code, 'x', now() FROM halls_user WHERE id = %s RETURNING id"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def test_the_message_of_a_signature_is_written_by_the_database_alone(people):
    who = people.people["supervisor"].pk
    with as_application():
        blocked(MESSAGE, who, "signature:card:900001")
        blocked("SELECT supervision_tell_signer(%s, 'x', 'card', 900001, halls_now())", who)
    assert not Message.objects.filter(key__startswith="signature:").exists()


def test_a_message_is_of_now_and_unread_whoever_writes_it(people):
    now = at("2026-03-04 10:00")
    with as_application():
        run(MESSAGE, people.people["supervisor"].pk, "warning:96")
    told = Message.objects.get(key="warning:96")
    assert (told.made_at, told.read_at) == (now, None)


def test_a_card_is_not_revoked_without_a_word_to_those_who_are_named(people):
    card = late_card(people)
    first, second = (people.people[name] for name in ("supervisor", "second"))
    with as_application():
        run(REVIEW, 900001, card.pk, "propose", None, first.pk)
        proposal = CardReview.objects.get(card=card, act="propose")
        run(REVIEW, 900002, card.pk, "revoke", proposal.pk, second.pk)
    assert proposal.pk < 900001
    heard = Message.objects.filter(key__startswith="signature:card:", read_at=None)
    assert set(heard.values_list("user_id", flat=True)) == {first.pk, second.pk}


def test_a_number_far_ahead_jams_no_complaint(people):
    voice = accepted(people, people.townships[0])
    with as_application():
        run(
            "INSERT INTO supervision_voiceact (id, voice_id, verb, from_state, to_state, at, person_code, actor_name,"
            " actor_post, place, words, more, ground, paper, user_id) SELECT %s, %s, 'reveal', 'accepted', 'accepted',"
            " now(), '', '', '', '', '查看', '', '', '', id FROM halls_user WHERE id = %s",
            FAR, voice.pk, people.people["supervisor"].pk,
        )  # fmt: skip
    reveal_voice(voice.number, actor=people.actor("supervisor"), reason="电话核实")
    assert list(voice.acts.order_by("pk").values_list("verb", flat=True)) == ["lodge", "accept", "reveal", "reveal"]
    assert not VoiceAct.objects.filter(pk__gt=900000).exists()


def test_nor_a_bad_rating(people):
    rating = rated_badly(people)
    with as_application():
        run(
            "INSERT INTO supervision_ratingact (id, rating_id, act, to_state, reason, user_id, person_code, at)"
            " SELECT %s, %s, 'attempt', 'contacting', '无人接听', id, person_code, now() FROM halls_user WHERE id = %s",
            FAR, rating.pk, people.people["supervisor"].pk,
        )  # fmt: skip
    assert RatingAct.objects.get(rating=rating).pk < FAR


@pytest.mark.parametrize("row", [rated_badly, issue])
def test_what_takes_its_number_beforehand_takes_it_from_its_sequence(people, row):
    made = row(people)
    made.pk = FAR
    with as_application(), pytest.raises(DatabaseError, match="drawn from its sequence"), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.parametrize(
    ("column", "lie", "why"),
    [
        ("about_path", "'elsewhere/'", "says where it goes"),
        ("seat_path", "'elsewhere/'", "says where it goes"),
        ("hall_id", "(SELECT max(id) FROM halls_hall)", "says where it goes"),
        ("", "", "lodged by an act"),
    ],
)
def test_a_complaint_says_itself_whom_it_is_about_and_is_lodged_by_an_act(people, column, lie, why):
    voice = lodged(people.villages[0])
    names = [str(field.column) for field in Voice._meta.concrete_fields if field.column not in OWN]
    values = ", ".join(lie if name == column else name for name in names)
    term = Term.objects.get(pk=voice.term_id)
    term.pk = None
    term.save(force_insert=True)
    copy = (
        f"INSERT INTO supervision_voice (key, number, term_id, {', '.join(names)})"
        f" SELECT gen_random_uuid(), 'TS2', %s, {values} FROM supervision_voice WHERE id = %s"
    )
    with as_application():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=why), transaction.atomic():
            run(copy, term.pk, voice.pk)
