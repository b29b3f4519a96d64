"""Whom a complaint names, anywhere in it, neither reads nor handles it; and somebody else always does: a table."""

from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from halls.domain.duties import PostKind
from halls.domain.errors import NotFound, Refused
from halls.models import User
from supervision.actions.accept_voice import accept_voice
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.actions.reseat_voices import reseat_voices
from supervision.actions.sweep import sweep
from supervision.domain.voices import Channel, Kind, plain
from supervision.models import Message, Voice, VoiceAct
from supervision.selectors.shield import named_in
from supervision.selectors.voices import visible_voices
from tests.factories.halls import UserFactory, person_in_post
from tests.supervision.county import at
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db

NAMES = {
    "supervisor": "吴林忠",
    "supervisor2": "冉香玲",
    "administrator": "黎昌海",
    "director0": "徐秀菊",
    "director1": "阿依·古丽",
    "bureau_director": "覃用武",
}


@pytest.fixture
def named(county):
    county.people["supervisor2"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    county.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    for who, name in NAMES.items():
        User.objects.filter(pk=county.people[who].pk).update(full_name=name)
    return county


def readers(county, voice):
    return {who for who in county.people if visible_voices(county.actor(who)).filter(pk=voice.pk).exists()}


def told(county, voice=None):
    names = {user.pk: who for who, user in county.people.items()}
    key = f"voice:{voice.pk}:" if voice else ""
    return {names[pk] for pk in Message.objects.filter(key__startswith=key).values_list("user", flat=True)}


@pytest.mark.parametrize("about", ["village", "township", "county"])
@pytest.mark.parametrize("size", range(len(NAMES)))
def test_whoever_it_names_somebody_else_is_told_of_it_and_handles_it(named, about, size):
    place = {"village": named.villages[0], "township": named.townships[0], "county": named.hall}[about]
    theirs = {"village": set(), "township": {"director0"}, "county": {"administrator"}}[about]
    for chosen in combinations(NAMES, size):
        voice = lodged(place, words=f"这些人都有份：{'、'.join(NAMES[one] for one in chosen)}，互相包庇推诿。")
        reading = readers(named, voice)
        if not NAMES.keys() - theirs - set(chosen):  # of a county of six people nobody is left
            assert not reading
            continue
        assert reading, chosen
        assert not reading & set(chosen)
        assert told(named, voice), chosen
        assert told(named, voice) <= reading
        for one in chosen:
            with pytest.raises(NotFound):
                accept_voice(voice.number, actor=named.actor(one))
        accept_voice(voice.number, actor=named.actor(sorted(told(named, voice))[0]))


@pytest.mark.parametrize("words", ["吴林忠 冉香玲", "监察员吴林忠、冉香玲"])
def test_a_complaint_about_both_supervisors_goes_to_the_administrator_and_no_rung_of_it_to_them(named, words):
    voice = lodged(named.townships[0], accused_person=words)
    assert readers(named, voice) == told(named) == {"administrator"}
    at("2026-03-30 10:00")
    sweep()
    assert told(named) == {"administrator"}
    client = signed_in(named, "administrator")
    page = client.get(f"/supervision/voices/{voice.number}/").content.decode()
    assert "由县系统管理员办理" in page
    assert client.get("/supervision/voices/").status_code == 200


def signed_in(county, who):
    client = Client()
    client.force_login(county.people[who], "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("words", "那天上午在窗口，主任徐秀菊收了我三百元，没有开票。"),
        ("words", "那天上午在窗口，主任 徐 秀·菊 收了我三百元，没有开票。"),
        ("evidence", "在场的有徐－秀菊，票据在我手里"),
    ],
)
def test_a_name_in_the_words_alone_bars_as_one_where_it_was_asked_for(named, field, written):
    voice = lodged(named.villages[0], **{field: written})
    assert voice.seat_path == named.hall.path
    assert readers(named, voice) == {"supervisor", "supervisor2"}
    assert not Message.objects.filter(user=named.people["director0"]).exists()
    with pytest.raises(NotFound):
        accept_voice(voice.number, actor=named.actor("director0"))
    with pytest.raises(DatabaseError, match="nobody handles a complaint"), transaction.atomic():
        VoiceAct.objects.create(
            voice=voice, verb="accept", from_state="lodged", to_state="accepted", at=voice.lodged_at,
            user=named.people["director0"], paper="假1号",
        )  # fmt: skip


def test_whoever_is_named_does_not_write_it_down_either(named):
    with pytest.raises(Refused) as refused:
        written_down_by(named, "director0", "西镇那边徐秀菊去收的钱，没有票据，问了不答。")
    assert refused.value.code == "own_hall"


def written_down_by(county, who, words):
    said = Lodging(kind=Kind.COMPLAINT, words=words, hall=county.villages[1].code, channel=Channel.PHONE)
    return lodge_voice(said, key=uuid4(), actor=county.actor(who))


def test_a_second_login_under_the_same_code_typed_otherwise_is_the_same_person(named):
    User.objects.filter(pk=named.people["clerk0"].pk).update(person_code="500236272-DIRECTOR")
    twin: Any = UserFactory(person_code="500236272 director", full_name="别名某")
    named.people["twin"] = person_in_post(PostKind.SUPERVISOR, named.townships[0], user=twin)
    voice = lodged(named.villages[0])
    assert "twin" not in readers(named, voice) | told(named)
    # Named as the director is, the twin under another name is too.
    User.objects.filter(pk=named.people["director0"].pk).update(person_code="500236272.Director")
    other = lodged(named.villages[1], words="徐秀菊的人去了西镇一村，把材料都拿走了没有还。")
    assert "twin" not in readers(named, other)
    with pytest.raises(DatabaseError, match="nobody handles a complaint"), transaction.atomic():
        VoiceAct.objects.create(
            voice=voice, verb="accept", from_state="lodged", to_state="accepted", at=voice.lodged_at, user=twin,
            paper="假2号",
        )  # fmt: skip


def test_where_the_last_who_may_handle_it_leaves_the_next_in_line_is_told(named):
    voice = lodged(named.townships[0], words="监察员冉香玲和乡里一起不让我交材料，说了三次。")
    assert readers(named, voice) == {"supervisor"}
    assert reseat_voices() == 0
    named.people["supervisor"].posts.update(ends_on="2026-03-01")
    assert (reseat_voices(), reseat_voices()) == (1, 0)
    assert readers(named, voice) == {"administrator"}
    assert "administrator" in told(named)


def test_the_site_neither_forges_whom_it_names_nor_calls_it_back(named):
    voice = lodged(named.townships[0], words="监察员吴林忠、冉香玲都不管这件事，问了五次。")
    assert len(voice.named) == 2
    changes: tuple[dict[str, Any], ...] = ({"named": []}, {"keeper": "supervisor"})
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Voice.objects.filter(pk=voice.pk).update(**change)


def test_an_administrator_reads_no_complaint_that_somebody_else_is_left_for(named):
    voice = lodged(named.townships[0], words="监察员吴林忠不管这件事，问了五次都没有答复。")
    assert readers(named, voice) == {"supervisor2"}
    assert signed_in(named, "administrator").get("/supervision/voices/").status_code == 403


class TestOneNormalForm(TestCase):
    @given(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0", max_codepoint=0x1FAFF), max_size=12)
    )
    def test_the_database_reads_names_as_python_does(self, text):
        with connection.cursor() as cursor:
            cursor.execute("SELECT supervision_plain(%s)", [text])
            assert cursor.fetchone()[0] == plain(text)


def test_of_people_with_one_sign_for_a_name_nobody_is_named():
    UserFactory(full_name="龘")
    assert named_in("龘靐齉") == []
