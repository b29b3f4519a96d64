"""Whoever complained, asked or rated is told by text what became of it; nobody of the accused hall sees the text."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from applications.models import AccessRecord
from halls.acting import system_actor
from halls.domain.duties import PostKind
from halls.models import User
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_rater import answer_rater
from supervision.actions.answer_voice import answer_voice
from supervision.actions.deliver import Delivered, deliver
from supervision.actions.extend_voice import extend_voice
from supervision.actions.investigate_voice import investigate_voice
from supervision.actions.refuse_voice import refuse_voice
from supervision.actions.retry_texts import retry_texts
from supervision.actions.verify_rating import verify_rating
from supervision.domain.quiet import MOST_ATTEMPTS
from supervision.domain.voices import Kind
from supervision.models import Outbox, Voice, VoiceAct
from supervision.selectors.messages import texts_of
from tests.factories.halls import person_in_post
from tests.supervision.county import APPLICANT, at
from tests.supervision.rating import bad, called
from tests.supervision.test_delivering import GATEWAY, Gateway
from tests.supervision.voices import NAME, PHONE, WORDS, lodged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _gateway(settings, tmp_path):
    settings.MESSAGE_CHANNELS = [GATEWAY]
    settings.DATA_DIR = tmp_path
    Gateway.texts, Gateway.refuses = [], 0


def accept(county, voice):
    return accept_voice(voice.number, actor=county.actor("supervisor"))


def page_of(county, role, name, *args):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client.get(reverse(name, args=args)).content.decode()


def act(county, voice, verb):
    actor = county.actor("supervisor")
    if verb == "refuse":
        refuse_voice(
            voice.number, actor=actor, ground="outside", reason="不是大厅内发生的事", instead="县人民法院，行政诉讼"
        )
    if verb in ("accept", "extend", "answer") and voice.kind != Kind.INQUIRY:
        accept_voice(voice.number, actor=actor)
    if verb == "extend":
        extend_voice(voice.number, actor=actor, days=5, reason="要调监控")
    if verb == "answer":
        result = {} if voice.kind == Kind.INQUIRY else {"result": "upheld"}
        by = county.actor("window0") if voice.kind == Kind.INQUIRY else actor
        answer_voice(voice.number, actor=by, words="已经责令整改，向您道歉", **result)


@pytest.mark.parametrize(
    ("kind", "verb", "told"),
    [
        (Kind.COMPLAINT, "accept", "已受理，最晚3月5日（含当日）答复"),
        (Kind.COMPLAINT, "refuse", "不予受理"),
        (Kind.COMPLAINT, "extend", "办理时间已延长，最晚3月12日（含当日）答复"),
        (Kind.COMPLAINT, "answer", "已答复"),
        (Kind.REPEAT, "answer", "已答复"),
        (Kind.INQUIRY, "answer", "已答复"),
    ],
)
def test_the_text_says_the_number_what_happened_until_when_and_where_to_look(county, kind, verb, told):
    more = {"matter": county.matter().code} if kind is Kind.REPEAT else {}
    voice = lodged(county.townships[0], kind, **more)
    act(county, voice, verb)
    assert deliver().failed == 0
    text = Gateway.texts[-1]
    assert text.phone == PHONE
    assert voice.display_number in text.words
    assert told in text.words
    assert "查处理结果" in text.words
    for secret in (WORDS, NAME, PHONE, "道歉", "监控", "法院", "不是大厅内", county.townships[0].name):
        assert secret not in text.words


def test_every_act_that_tells_is_told_once_and_no_other(county):
    voice = lodged(county.townships[0])
    supervisor = county.actor("supervisor")
    accept_voice(voice.number, actor=supervisor)
    investigate_voice(voice.number, actor=supervisor, words="调看了大厅监控")
    answer_voice(voice.number, actor=supervisor, words="已经责令整改", result="upheld")
    assert list(Outbox.objects.order_by("pk").values_list("voice_act__verb", flat=True)) == ["accept", "answer"]
    assert deliver() == Delivered(sent=2)
    assert deliver() == Delivered()
    assert len({text.key for text in Gateway.texts}) == 2


def test_quiet_hours_are_kept_and_the_telephone_is_opened_when_it_is_sent(county):
    voice = lodged(county.townships[0])
    at("2026-03-02 18:00")
    accept(county, voice)
    assert deliver() == Delivered()
    assert not VoiceAct.objects.filter(verb="reveal").exists()
    assert "短信待发，最早 3月3日 08:30" in page_of(county, "supervisor", "voice", voice.number)
    at("2026-03-03 08:31")
    assert deliver() == Delivered(sent=1)
    opened = VoiceAct.objects.get(verb="reveal")
    assert (opened.user_id, opened.words) == (system_actor().user_id, "发短信告知：受理")
    assert "已发短信告知 3月3日 08:31" in page_of(county, "supervisor", "voice", voice.number)


@pytest.mark.parametrize("left", [{"phone": ""}, {"phone": "", "name": ""}])
def test_whoever_left_no_telephone_is_told_otherwise(county, left):
    voice = lodged(county.townships[0], **left)
    accept(county, voice)
    assert not Outbox.objects.exists()
    assert "没有留电话，请用电话以外的方式告知" in page_of(county, "supervisor", "voice", voice.number)


def test_without_a_channel_to_villagers_they_are_to_be_called(county, settings):
    settings.MESSAGE_CHANNELS = ["supervision.channels.LocalEnterprise"]
    voice = lodged(county.townships[0])
    accept(county, voice)
    assert not Outbox.objects.exists()
    assert "没有发短信，请电话告知" in page_of(county, "supervisor", "voice", voice.number)


def test_a_channel_that_sends_nothing_says_so(county, settings):
    settings.MESSAGE_CHANNELS = ["supervision.channels.LocalSms"]
    voice = lodged(county.townships[0])
    accept(county, voice)
    assert deliver() == Delivered(sent=1)
    assert "本地演示通道，未真正发送" in page_of(county, "supervisor", "voice", voice.number)
    assert PHONE not in (settings.DATA_DIR / "outbox" / "sms.jsonl").read_text(encoding="utf-8")


def test_what_does_not_leave_is_seen_and_sent_again_under_the_same_key(county):
    voice = lodged(county.townships[0])
    accept(county, voice)
    Outbox.objects.update(attempts=MOST_ATTEMPTS - 1)
    Gateway.refuses = 1
    assert deliver() == Delivered(failed=1)
    key = Outbox.objects.get().pulse
    assert "短信发不出去（通道没有应答），请电话告知" in page_of(county, "supervisor", "voice", voice.number)
    page = page_of(county, "supervisor", "supervision_outbox")
    assert voice.display_number in page
    assert not re.search(PHONE, page)
    assert retry_texts(actor=county.actor("supervisor")) == 1
    assert deliver() == Delivered(sent=1)
    assert Gateway.texts[0].key == key


def test_a_seal_that_is_broken_is_no_number_and_nothing_was_opened(county, settings):
    voice = lodged(county.townships[0])
    accept(county, voice)
    settings.FIELD_KEYS = {name: bytes(32) for name in settings.FIELD_KEYS}
    assert deliver() == Delivered(failed=1)
    assert Outbox.objects.get().last_error == "NoNumber"
    assert not VoiceAct.objects.filter(verb="reveal").exists()


# --- who sees it ----------------------------------------------------------------------------------------------------


def test_nobody_of_the_accused_hall_sees_text_or_number(county):
    county.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    named = county.people["second"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    of_county = lodged(county.hall, accused_person=named.full_name)
    of_township = lodged(county.townships[0])
    for voice in (of_county, of_township):
        accept(county, voice)
    assert deliver() == Delivered(sent=2)

    def seen(role):
        return set(texts_of(county.actor(role)).values_list("voice_act__voice", flat=True))

    assert seen("supervisor") == {of_county.pk, of_township.pk}
    assert seen("second") == {of_township.pk}
    for role in ("administrator", "county_window", "director0", "window0", "clerk0", "examiner0", "approver0"):
        assert seen(role) == set(), role
    assert of_county.display_number not in page_of(county, "administrator", "supervision_outbox")
    for role in ("director0", "window0"):
        assert "已发短信告知" not in page_of(county, role, "voice", of_township.number)


# --- the database ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_outbox SET sent_at = sent_at - interval '1 day'",
        "UPDATE supervision_outbox SET state = 'waiting', sent_at = NULL",
        "UPDATE supervision_outbox SET voice_act_id = voice_act_id - 1",
        "DELETE FROM supervision_outbox",
    ],
)
def test_what_a_villager_was_told_stays(county, statement):
    accept(county, lodged(county.townships[0]))
    deliver()
    with (
        pytest.raises(DatabaseError, match=r"stays|does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_text_is_of_an_act_that_tells_and_of_one_addressee(county):
    voice = lodged(county.townships[0])
    when = {"not_before": voice.lodged_at, "next_try_at": voice.lodged_at, "channel": "sms"}
    first = VoiceAct.objects.get(voice=voice)
    with pytest.raises(DatabaseError, match="no act tells this"), transaction.atomic():
        Outbox.objects.create(voice_act=first, **when)
    with pytest.raises(DatabaseError, match="no act tells this"), transaction.atomic():
        Outbox.objects.create(**when)
    told = accept(county, lodged(county.townships[0], phone=""))
    with pytest.raises(DatabaseError, match="no act tells this"), transaction.atomic():
        Outbox.objects.create(voice_act=told, **when)
    told = accept(county, voice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.create(voice_act=told, **when)


def test_the_machine_opens_a_number_whatever_a_complaint_calls_it_and_handles_nothing(county):
    voice = lodged(county.townships[0], accused_person="系统管理员")
    accept(county, voice)
    assert deliver() == Delivered(sent=1)
    voice = Voice.objects.get(pk=voice.pk)
    with pytest.raises(DatabaseError, match="the machine handles nothing"), transaction.atomic():
        VoiceAct.objects.create(
            voice=voice, verb="investigate", from_state=voice.state, to_state="handling", at=voice.lodged_at,
            user_id=system_actor().user_id, words="核实",
        )  # fmt: skip


# --- ratings --------------------------------------------------------------------------------------------------------


def test_whoever_rated_badly_is_told_when_it_was_seen_to(county):
    rating = bad(county)
    director = county.actor("director0")
    called(rating.pk, director)
    verify_rating(rating.pk, actor=director, is_valid=False, note="调看监控，没有依据", shown="调看监控，没有依据")
    assert not Outbox.objects.exists()
    answer_rater(rating.pk, actor=county.actor("supervisor"), is_explained=True, note="已说明依据，群众理解")
    assert deliver() == Delivered(sent=1)
    text = Gateway.texts[0]
    assert text.phone == APPLICANT.phone
    assert rating.application.display_number in text.words
    assert "态度" not in text.words
    assert AccessRecord.objects.get(reason="短信告知评价人处理结果").user_id == system_actor().user_id
    assert "已发短信告知" in page_of(county, "director0", "rating", rating.pk)
    assert "已发短信告知" not in page_of(county, "clerk0", "rating", rating.pk)
    assert texts_of(county.actor("supervisor")).filter(rating_act__rating=rating).exists()
    assert not texts_of(county.actor("clerk0")).exists()
