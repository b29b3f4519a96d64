"""补起草一期: what is not possible is answered on the list, with the field, the cure and the days that are possible."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from supervision.models import Bulletin
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(county):
    at("2026-03-18 10:00")
    client = Client()
    client.force_login(county.people["supervisor"])
    return client


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.parametrize(
    ("kind", "first", "words"),
    [
        ("week", "2026-02-18", "2026年2月18日不是周一。请改成 2026-02-16 或 2026-02-23。"),
        ("month", "2026-01-31", "2026年1月31日不是每月 1 日。请改成 2026-01-01。"),
        ("week", "2026-03-17", "2026年3月17日不是周一。它前后的几期都有了或还没有结束"),
        ("week", "", "请填写「首日」。"),
        ("week", "2026-02-30", "「首日」请写成 2026-03-02 这样的日期。"),
        ("year", "2026-01-01", "没有“year”这个选项"),
        ("week", "0001-01-01", "请写"),
    ],
)
def test_a_wrong_day_is_answered_on_the_page_of_the_list(visitor, kind, first, words):
    answer = visitor.post(reverse("bulletin_draft"), {"kind": kind, "first": first})
    assert answer.status_code == 422
    said = text_of(answer)
    assert words in said
    assert "补起草一期" in said
    assert '<details class="paper" open>' in answer.content.decode()
    assert answer.context["form"]["first"].value() == first
    assert "可以补起草的每周统计：2026-03-02、2026-02-23" in said
    assert "可以补起草的每月通报：2026-01-01、2025-12-01" in said
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    ("kind", "first", "words"),
    [
        ("week", "2026-03-16", "还没有结束"),
        ("week", "2026-03-09", "由系统在后台起草"),
        ("month", "2026-03-01", "还没有结束"),
    ],
)
def test_a_period_that_is_not_drafted_so_says_why_beside_the_day(visitor, kind, first, words):
    answer = visitor.post(reverse("bulletin_draft"), {"kind": kind, "first": first})
    assert answer.status_code == 409
    assert words in "".join(answer.context["form"].errors["first"])


def test_what_is_offered_is_drafted_and_offered_no_more(visitor):
    answer = visitor.get(reverse("bulletins"))
    offered = answer.context["earlier"][0]
    assert f'<option value="{offered.first:%Y-%m-%d}">' in answer.content.decode()
    sent = visitor.post(reverse("bulletin_draft"), {"kind": offered.kind.value, "first": offered.first.isoformat()})
    assert sent["Location"] == reverse("bulletin", args=[Bulletin.objects.get().pk])
    assert offered not in visitor.get(reverse("bulletins")).context["earlier"]
