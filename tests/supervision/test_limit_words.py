"""A limit says how long it is, extended as it was; every light of a day left speaks alike, whose limit it is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.lights import Colour, light_of
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_voice import answer_voice
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.extend_voice import extend_voice
from supervision.actions.refuse_voice import refuse_voice
from supervision.models import Term, Voice
from supervision.selectors.terms import colour_of_term, term_colour
from supervision.views.term_parts import term_context, term_light, voice_light
from tests.factories.tampering import unguarded
from tests.supervision.county import at
from tests.supervision.rating import bad, ended
from tests.supervision.voices import accepted, lodged

pytestmark = pytest.mark.django_db


def test_an_extended_limit_says_so_with_the_sum(county):
    voice = lodged(county.villages[0])
    director = county.actor("director0")
    accept_voice(voice.number, actor=director)
    term = Term.objects.get(pk=voice.term_id)
    assert term_context(term, read_moment())["limit"] == "3 个工作日"
    extend_voice(voice.number, actor=director, days=5, reason="要找当天在场的人")
    term.refresh_from_db()
    assert term_context(term, read_moment())["limit"] == "3 个工作日，延长 5 个工作日，共 8 个工作日"


def test_a_day_left_is_coloured_and_said_alike_of_a_case_and_of_what_is_none(county):
    term = bad(county).contact_term
    moment = read_moment()
    for yellow_at in (term.yellow_at, moment.at - timedelta(hours=1)):
        term.yellow_at = yellow_at
        warned = min(one for one in (term.warn_at, yellow_at if yellow_at < term.due_at else None) if one)
        of_a_case = light_of("in_progress", warned, term.due_at, moment.at, moment.calendar)
        assert term_light(term, moment) == {"kind": of_a_case.colour.value, "words": of_a_case.words}
    assert term_light(Term.objects.get(pk=term.pk), moment)["words"] == "还剩 1 个工作日，3月3日转黄灯"


def test_what_ended_a_limit_is_called_by_what_happened(county):
    voice, refused = accepted(county, county.townships[0]), lodged(county.villages[0])
    answer_voice(voice.number, actor=county.actor("supervisor"), words="已办", result="upheld")
    refuse_voice(refused.number, actor=county.actor("director0"), ground="no_evidence", reason="没有写明是哪一天")
    lights = [voice_light(Voice.objects.get(pk=one.pk), read_moment()) for one in (voice, refused)]
    assert [(one["name"], one["words"]) for one in lights] == [("已答复", "按时答复"), ("不予受理", "按时告知")]
    client = Client()
    client.force_login(county.people["supervisor"])
    page = client.get(reverse("voice", args=[voice.number])).content.decode()
    assert "<b>已答复</b>" in page
    assert "办结" not in page


def test_sql_and_python_see_the_same_colour_of_a_limit(county):
    term = bad(county).contact_term
    early = read_moment().at - timedelta(hours=1)
    with unguarded():
        Term.objects.filter(pk=term.pk).update(yellow_at=early)
    term.refresh_from_db()
    now = read_moment().at
    assert colour_of_term(term, now) is Colour.YELLOW
    found = [one for one in (Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.DONE)
             if Term.objects.filter(term_colour(one, now, ""), pk=term.pk).exists()]  # fmt: skip
    assert found == [Colour.YELLOW]


def test_the_draw_is_explained_in_plain_words(county):
    ended(county)
    at("2026-03-09 09:00")
    draw_callbacks()
    client = Client()
    client.force_login(User.objects.get(pk=county.people["supervisor"].pk))
    shown = client.get(reverse("callbacks")).content.decode()
    assert "种子" not in shown
    assert "名单由电脑按随机数抽出，不是人挑的" in shown


def test_what_is_not_found_is_told_with_whole_commas(county):
    client = Client()
    client.force_login(User.objects.get(pk=county.people["supervisor"].pk))
    shown = client.get(reverse("case", args=["9000062600000000"])).content.decode()
    assert "没有找到这一件，或者它不在您的办理范围内。" in shown
    assert "请核对编号；如确需查看，请联系所属大厅。" in shown
