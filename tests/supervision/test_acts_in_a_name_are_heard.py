"""Whoever has the site's database role acts in nobody's name about a complaint, rating, order or case unheard."""

import pytest
from django.core.management import call_command

from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.domain.voices import Kind
from supervision.models import Callback, Message, SupervisionOrder
from tests.clock.attack import as_application, run
from tests.supervision.bulletins import MARCH
from tests.supervision.cards import staffed
from tests.supervision.county import at
from tests.supervision.ordering import issue, reply
from tests.supervision.rating import bad, ended, verified
from tests.supervision.voices import accepted, lodged

pytestmark = pytest.mark.django_db
COUNTY = ("supervisor", "second", "third")
VOICE = (
    "INSERT INTO supervision_voiceact (voice_id, verb, from_state, to_state, at, person_code, actor_name, actor_post,"
    " place, words, more, ground, paper, user_id) SELECT %s, %s, %s, %s, now(), '', '', '', '', 'x', '', 'x', '', id"
    " FROM halls_user WHERE id = %s"
)
RATING = (
    "INSERT INTO supervision_ratingact (rating_id, act, to_state, reason, demand, held_why, user_id, person_code, at)"
    " SELECT %s, %s, %s, 'x', '', '', id, person_code, now() FROM halls_user WHERE id = %s"
)
ORDER = (
    "INSERT INTO supervision_orderact (order_id, seq, act, words, user_id, person_code, post, at)"
    " SELECT %s, 9, %s, 'x', id, person_code, '', now() FROM halls_user WHERE id = %s"
)
CALL = (
    "INSERT INTO supervision_callbackcall (callback_id, is_reached, was_served, has_papers, has_paid, note, user_id,"
    " person_code, at) SELECT %s, true, true, true, false, '', id, person_code, now() FROM halls_user WHERE id = %s"
)
URGE = (
    "INSERT INTO supervision_urge (application_id, seat_path, whom, reason, office_path, office_name, user_id,"
    " person_code, day, workday, at) SELECT %s, %s, jsonb_build_array(jsonb_build_object('user', id, 'name',"
    " full_name)), 'x', %s, 'x', id, person_code, '2026-03-09', '2026-03-09', now() FROM halls_user WHERE id = %s"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return staffed(county)


def forged(sql, *values):
    """Written by the role of the site; whom the database told of it."""
    before = set(Message.objects.values_list("pk", flat=True))
    with as_application():
        run(sql, *values)
    rows = Message.objects.filter(key__startswith="signature:").exclude(pk__in=before)
    return set(rows.values_list("user_id", flat=True))


def of(people, *names):
    return {people.people[name].pk for name in names}


@pytest.mark.parametrize(
    ("verb", "state", "heard"),
    [("refuse", "refused", COUNTY), ("accept", "accepted", ("supervisor",)), ("hand_up", "lodged", ("supervisor",))],
)
def test_what_is_done_about_a_complaint_is_heard(people, verb, state, heard):
    voice = lodged(people.villages[0])
    assert forged(VOICE, voice.pk, verb, "lodged", state, people.people["supervisor"].pk) == of(people, *heard)


def test_the_answer_is_heard_by_the_county_but_not_by_whom_it_names(people):
    name = people.people["second"].full_name
    voice = accepted(people, people.villages[0], words=f"{name}上午不在窗口，等了两个小时。")
    told = forged(VOICE, voice.pk, "answer", "accepted", "answered", people.people["supervisor"].pk)
    assert told == of(people, "supervisor", "third")


def test_looking_and_noting_down_floods_nobody_and_an_inquiry_is_its_answerers_alone(people):
    voice = accepted(people, people.villages[0])
    assert forged(VOICE, voice.pk, "investigate", "accepted", "handling", people.people["supervisor"].pk) == set()
    asked = lodged(people.villages[0], Kind.INQUIRY)
    who = people.people["clerk0"].pk
    assert forged(VOICE, asked.pk, "answer", "lodged", "answered", who) == of(people, "clerk0")


def test_what_is_done_about_a_rating_is_heard(people):
    rating = bad(people)
    who = people.people["director0"].pk
    assert forged(RATING, rating.pk, "attempt", "contacting", who) == set()
    assert forged(RATING, rating.pk, "contact", "verifying", who) == of(people, "director0")
    run("UPDATE supervision_rating SET state = 'verifying' WHERE id = %s", rating.pk)
    assert forged(RATING, rating.pk, "invalid", "explaining", who) == of(people, "director0", *COUNTY)
    run("UPDATE supervision_rating SET state = 'explaining', validity = 'invalid' WHERE id = %s", rating.pk)
    other = people.people["supervisor"].pk
    assert forged(RATING, rating.pk, "explain", "closed", other) == of(people, "supervisor")


def test_an_exclusion_is_heard_by_the_county(people):
    rating = bad(people)
    verified(people, rating)
    assert forged(RATING, rating.pk, "appeal", "rectifying", people.people["clerk0"].pk) == of(people, "clerk0")
    who = people.people["supervisor"].pk
    assert forged(RATING, rating.pk, "exclude", "excluded", who) == of(people, *COUNTY)


@pytest.mark.parametrize(("act", "heard"), [("withdraw", COUNTY), ("accept", COUNTY), ("give_up", ("second",))])
def test_what_is_done_about_an_order_is_heard(people, act, heard):
    order = issue(people)
    if act != "withdraw":
        reply(people, order)
        order = SupervisionOrder.objects.get(pk=order.pk)
    who = people.people["second"].pk
    assert forged(ORDER, order.pk, act, who) == of(people, *heard)


def test_a_call_and_an_urge_are_heard(people):
    ended(people)
    at("2026-03-09 08:00")
    draw_callbacks()
    assert forged(CALL, Callback.objects.get().pk, people.people["director0"].pk) == of(people, "director0")
    case = people.accepted(people.matter())
    who = people.people["supervisor"].pk
    assert forged(URGE, case.pk, case.seat_path, people.hall.path, who) == of(people, "supervisor")


def test_a_draft_that_is_put_aside_is_heard_of(people):
    ended(people)
    at("2026-04-02 09:00")
    row = draft_bulletin(people.hall, MARCH)
    told = forged(
        "UPDATE supervision_bulletin SET dropped_at = now(), dropped_by_id = %s, dropped_reason = 'x' WHERE id = %s",
        people.people["second"].pk,
        row.pk,
    )
    assert told == of(people, *COUNTY)
