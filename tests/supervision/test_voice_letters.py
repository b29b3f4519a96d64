"""The letter to whoever complained: the full name for them alone, of the body that decided, numbered as letters are."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from halls.models import User
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_voice import answer_voice
from supervision.domain.voices import Keeper, VoiceVerb
from supervision.models import Voice, VoiceAct
from supervision.voice_link import ticket_of
from tests.factories.tampering import unguarded
from tests.supervision.voices import NAME, lodged

pytestmark = pytest.mark.django_db


def visitor(county, who):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    return client


def told(county, who="director0"):
    """A complaint about a village that its township accepted and answered; the letter of the answer."""
    voice = lodged(county.villages[0])
    accept_voice(voice.number, actor=county.actor(who))
    answer_voice(voice.number, actor=county.actor(who), words="已安排顶班", result="upheld")
    return voice, VoiceAct.objects.get(voice=voice, verb=VoiceVerb.ANSWER)


def test_the_letter_bears_the_full_name_on_record_and_only_for_whoever_handles_it(county):
    voice, act = told(county)
    page = reverse("voice_paper", args=[voice.number, act.pk])
    handler = visitor(county, "director0")
    assert NAME not in handler.get(page).content.decode()
    answer = handler.post(page)
    assert f"{NAME}：" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    seen = voice.acts.get(verb=VoiceVerb.REVEAL)
    assert act.paper in seen.words
    assert seen.user == county.people["director0"]
    for who in ("clerk0", "window0", "director1", "clerk1"):
        other = visitor(county, who).post(page)
        assert other.status_code in (403, 404), who
        assert NAME not in other.content.decode()
    anybody = Client().get(reverse("voice_paper_by_token", args=[ticket_of(voice.number), act.pk])).content.decode()
    assert NAME not in anybody
    assert "不写全名" in anybody
    assert voice.acts.filter(verb=VoiceVerb.REVEAL).count() == 1


def test_the_body_that_decided_heads_and_signs_it(county):
    voice, act = told(county)
    shown = visitor(county, "director0").get(reverse("voice_paper", args=[voice.number, act.pk])).content.decode()
    organ = re.search(r'class="doc-organ">([^<]+)<', shown)
    signed = re.search(r'class="doc-sign">.*?<p>([^<]+)</p>', shown, re.DOTALL)
    assert organ is not None
    assert signed is not None
    assert organ[1] == signed[1] == county.townships[0].name


def test_letters_are_numbered_from_one_by_body_kind_and_year(county):
    first, second = told(county)[1], told(county)[1]
    assert (first.paper, second.paper) == ("示东乡政务诉结〔2026〕1号", "示东乡政务诉结〔2026〕2号")
    third = lodged(county.townships[0])
    by_county = accept_voice(third.number, actor=county.actor("supervisor"))
    assert by_county.paper == "示政务诉受〔2026〕1号"


def test_of_the_county_s_own_centre_no_page_or_paper_says_that_somebody_above_it_handles_it(county):
    voice = lodged(county.hall)
    accept_voice(voice.number, actor=county.actor("supervisor"))
    act = VoiceAct.objects.get(voice=voice, verb=VoiceVerb.ACCEPT)
    ticket = ticket_of(voice.number)
    paper = Client().get(reverse("voice_paper_by_token", args=[ticket, act.pk])).content.decode()
    assert "投诉由县监察员办理" in paper
    assert "被反映单位" in paper
    assert "反映的单位" not in paper
    assert "上一级办理" not in paper
    receipt = Client().get(reverse("voice_receipt", args=[ticket])).context["next_steps"]
    assert receipt[0] == "由县监察员办理。"
    assert Client().get(reverse("voice_by_token", args=[ticket])).context["words"] == "已经受理，县监察员正在核实。"
    assert "不知道您是谁" not in paper
    assert "只转给它一段由办理人写的摘要；事情本身有可能让对方猜到是您" in paper
    assert "有可能让对方猜到是您" in Client().get(reverse("voice_complain")).content.decode()
    below, _answer = told(county)
    act = VoiceAct.objects.get(voice=below, verb=VoiceVerb.ACCEPT)
    paper = Client().get(reverse("voice_paper_by_token", args=[ticket_of(below.number), act.pk])).content.decode()
    assert "投诉由被投诉单位的上一级办理" in paper
    with unguarded(Voice._meta.db_table):
        Voice.objects.filter(pk=below.pk).update(keeper=Keeper.ADMINISTRATOR)
    receipt = Client().get(reverse("voice_receipt", args=[ticket_of(below.number)])).context["next_steps"]
    assert receipt[0] == "由县系统管理员办理。"
