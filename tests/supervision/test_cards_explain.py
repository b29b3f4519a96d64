"""A card says who had the result on which days, and that another card of its minute is of another limit."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.make_result import make_result
from halls.models import User
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.supervision.cards import staffed
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def text_of(county, url, who="supervisor"):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    answer = client.get(url)
    assert answer.status_code == 200, url
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_card_of_the_delivery_names_who_had_the_result_and_whose_the_wait_is(county):
    case = county.granted(county.accepted(county.matter()))
    at("2026-03-03 10:00")
    make_result(case.pk, actor=county.actor("window0"))
    at("2026-03-12 10:00")
    sweep()
    card = LimitWarning.objects.get(application=case, clock_kind="delivery", level="yellow")
    shown = text_of(county, reverse("supervision_card", args=[card.pk]))
    waited = re.search(r"等待领取（(\S+?)）(\d+) 个工作日", shown)
    assert waited, shown
    assert "第四十五条没有把等申请人来领列为除外" in shown
    statement = text_of(county, reverse("clock_statement", args=[case.number, card.clock_id]))
    assert "等待领取" in statement
    assert "由这里负责送达" in statement
    assert "等申请人 " not in statement


@pytest.fixture
def both(county):
    """A case whose only step ends with the promise: two yellow cards of one minute."""
    staffed(county)
    case = county.accepted(county.matter(promised=5))
    at("2026-03-10 09:00")
    sweep()
    cards = list(LimitWarning.objects.filter(application=case, level="yellow"))
    assert {card.clock_kind for card in cards} == {"promised", "step"}
    assert len({card.effective_at for card in cards}) == 1
    return county, case, cards


def test_two_cards_of_one_minute_say_why_there_are_two(both):
    county, case, cards = both
    labels = {"promised": "承诺时限", "step": "环节时限"}
    for card, other in (cards, cards[::-1]):
        shown = text_of(county, reverse("supervision_card", args=[card.pk]))
        assert f"同一分钟还有黄牌（{labels[other.clock_kind]}）" in shown
        assert "环节时限管的是这一环节分到的时间" in shown
        assert "承诺时限管的是向群众承诺的全部时间" in shown
    assert text_of(county, reverse("supervision_warnings")).count("同一分钟还有黄牌") == 2
    assert text_of(county, f"{reverse('case', args=[case.number])}?tab=record").count("同一分钟还有黄牌") == 2


def test_a_card_alone_says_nothing_of_another(both):
    county, case, cards = both
    promised = next(card for card in cards if card.clock_kind == "promised")
    at("2026-03-20 09:00")
    sweep()
    red = LimitWarning.objects.filter(application=case, level="red").exclude(effective_at=promised.effective_at).first()
    assert red is not None
    others = LimitWarning.objects.filter(application=case, effective_at=red.effective_at).exclude(pk=red.pk)
    shown = text_of(county, reverse("supervision_card", args=[red.pk]))
    assert ("同一分钟还有" in shown) is others.exists()
