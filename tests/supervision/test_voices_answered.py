"""An inquiry is answered and published; whoever asked follows it; the database holds what was said."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from applications.domain.look_ups import MANY_FOR_NUMBER, WRONG_PER_PAIR, TooManyTries
from applications.models import Event, LookUpFailure
from applications.sealing import query_code, query_token
from halls.domain.errors import Invalid, NotFound
from halls.domain.worktime import SHANGHAI
from supervision.actions.answer_voice import answer_voice
from supervision.actions.follow_voice import follow_voice
from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.publish_answer import publish_answer, withdraw_answer
from supervision.domain.voices import (
    Kind,
    State,
    voice_number,
)
from supervision.models import Voice, VoiceAct
from supervision.selectors.voices import published_answers
from tests.supervision.voices import NAME, PHONE, lodged

db = pytest.mark.django_db


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def state(voice):
    return Voice.objects.values_list("state", flat=True).get(pk=voice.pk)


# --- inquiries ------------------------------------------------------------------------------------------------------


@db
def test_an_answer_is_published_without_numbers_and_taken_down_again(county):
    matter, clerk = county.matter(), county.actor("clerk0")
    voice = lodged(county.villages[0], Kind.INQUIRY, matter=matter.code)
    answer_voice(voice.number, actor=clerk, words="带户口簿就可以")
    with pytest.raises(Invalid, match="不能公开"):
        publish_answer(voice.number, actor=clerk, question=f"我电话{PHONE}，要带什么？", answer="带户口簿")
    with pytest.raises(Invalid, match="姓名"):
        publish_answer(voice.number, actor=clerk, question=f"我是{NAME}，要带什么？", answer="带户口簿")
    publish_answer(voice.number, actor=clerk, question="要带什么？", answer="带户口簿")
    assert [(act.words, act.more) for act in published_answers(matter.code)] == [("要带什么？", "带户口簿")]
    withdraw_answer(voice.number, actor=clerk, reason="规定改了")
    assert published_answers(matter.code) == []
    publish_answer(voice.number, actor=clerk, question="现在要带什么？", answer="不用带")
    assert [act.more for act in published_answers(matter.code)] == ["不用带"]


@db
def test_an_inquiry_that_the_village_cannot_answer_goes_up(county):
    voice = lodged(county.villages[0], Kind.INQUIRY)
    hand_up_voice(voice.number, actor=county.actor("clerk0"), reason="要问民政")
    with pytest.raises(NotFound):
        answer_voice(voice.number, actor=county.actor("clerk0"), words="不知道")
    answer_voice(voice.number, actor=county.actor("window0"), words="带户口簿就可以")
    assert state(voice) == State.ANSWERED


@db
def test_a_department_answers_what_it_is_asked(county):
    voice = lodged(county.bureau, Kind.INQUIRY)
    with pytest.raises(NotFound):
        answer_voice(voice.number, actor=county.actor("window0"), words="不归我管")
    answer_voice(voice.number, actor=county.actor("bureau_examiner"), words="按季度发放")
    assert state(voice) == State.ANSWERED


# --- following ------------------------------------------------------------------------------------------------------


@db
def test_number_and_code_or_the_token_show_it_and_nothing_else_does(county):
    voice = lodged(county.villages[0])
    assert follow_voice(voice.number, query_code(voice.number), client="a").pk == voice.pk
    assert follow_voice(voice.display_number, query_token(voice.number), client="a").pk == voice.pk
    other = lodged(county.villages[0])
    unknown = voice_number(Kind.COMPLAINT, datetime(2026, 3, 2, tzinfo=SHANGHAI).date(), 999_999)
    answers = set()
    for number, code in ((voice.number, query_code(other.number)), (unknown, "AAAAAAAA")):
        with pytest.raises(NotFound) as refusal:
            follow_voice(number, code, client="a")
        answers.add((refusal.value.message, refusal.value.cure))
    assert len(answers) == 1


@db
def test_wrong_codes_close_a_number_for_whoever_tries_and_for_nobody_else(county):
    voice, other = lodged(county.villages[0]), lodged(county.villages[0])
    for _ in range(WRONG_PER_PAIR):
        with pytest.raises(NotFound):
            follow_voice(voice.number, "AAAAAAAA", client="203.0.113.9")
    with pytest.raises(TooManyTries):
        follow_voice(voice.number, query_code(voice.number), client="203.0.113.9")
    assert follow_voice(voice.number, query_code(voice.number), client="203.0.113.10").pk == voice.pk
    assert follow_voice(other.number, query_code(other.number), client="203.0.113.9").pk == other.pk
    # Tried from many places, every one has one wrong code left; the right one is heard first.
    LookUpFailure.objects.filter(kind="number").update(failures=MANY_FOR_NUMBER)
    assert follow_voice(voice.number, query_code(voice.number), client="203.0.113.11").pk == voice.pk
    with pytest.raises(NotFound):
        follow_voice(voice.number, "AAAAAAAA", client="203.0.113.11")
    with pytest.raises(TooManyTries):
        follow_voice(voice.number, "AAAAAAAA", client="203.0.113.11")
    assert follow_voice(voice.number, query_token(voice.number), client="203.0.113.9").pk == voice.pk


# --- the database ---------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_voice SET words = '没事' WHERE id = %(id)s",
        "UPDATE supervision_voice SET state = 'closed' WHERE id = %(id)s",
        "UPDATE supervision_voice SET seat_path = about_path WHERE id = %(id)s",
        "UPDATE supervision_voice SET is_released = true WHERE id = %(id)s",
        "UPDATE supervision_voice SET is_published = true WHERE id = %(id)s",
        "UPDATE supervision_voice SET about_path = 'x/' WHERE id = %(id)s",
        "UPDATE supervision_voice SET phone_sealed = '' WHERE id = %(id)s",
        "DELETE FROM supervision_voice WHERE id = %(id)s",
        "TRUNCATE supervision_voice CASCADE",
        "DELETE FROM supervision_voiceact WHERE voice_id = %(id)s",
        "UPDATE supervision_voiceact SET at = at - interval '9 days' WHERE voice_id = %(id)s",
        "UPDATE supervision_voiceact SET words = '查实' WHERE voice_id = %(id)s",
    ],
)
def test_the_database_refuses_what_would_bend_a_complaint(county, statement):
    voice = lodged(county.villages[0])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"id": voice.pk})


@db
@pytest.mark.parametrize(
    ("who", "verb", "source", "target"),
    [
        ("director0", "close", "lodged", "closed"),  # skips the answer
        ("director0", "accept", "accepted", "handling"),  # not where it stands
        ("director0", "answer", "lodged", "answered"),  # not accepted
        ("clerk0", "accept", "lodged", "accepted"),  # of the accused village
        (None, "accept", "lodged", "accepted"),  # nobody
    ],
)
def test_the_database_lets_no_act_in_that_does_not_follow_or_is_the_accused_ones(county, who, verb, source, target):
    voice = lodged(county.villages[0])
    row = {"voice": voice, "verb": verb, "from_state": source, "to_state": target, "at": voice.lodged_at}
    with pytest.raises(DatabaseError), transaction.atomic():
        VoiceAct.objects.create(**row, user=county.people[who] if who else None, words="强行", ground="phone")


@db
def test_an_act_is_stamped_by_the_database_with_its_moment_and_its_person(county):
    voice = lodged(county.villages[0])
    act = VoiceAct.objects.create(
        voice=voice, verb="accept", from_state="lodged", to_state="accepted", at=shanghai("2020-01-01 00:00"),
        user=county.people["director0"], person_code="forged", actor_name="冒名",
    )  # fmt: skip
    act.refresh_from_db()
    assert act.at == shanghai("2026-03-02 10:00")
    assert act.actor_name == county.people["director0"].full_name
    assert not Event.objects.exists()
