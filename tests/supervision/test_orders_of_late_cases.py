"""Who verifies a reply reads how the case stands now; a case that is still late is not closed as rectified unsaid."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Invalid
from halls.models import User
from supervision.actions.accept_reply import accept_reply
from supervision.domain.orders import State
from tests.supervision.county import at
from tests.supervision.ordering import issue, reply

pytestmark = pytest.mark.django_db
WHY = "申请人补的材料今天才到，承办人已在写决定书。"


@pytest.fixture
def replied(county):
    """An order about a case that the organ says is done, on a day when it is five working days late."""
    county.case = county.accepted(county.matter(promised=5))
    at("2026-03-12 10:00")
    county.order = issue(county, case=county.case.number)
    reply(county, county.order, by="director0" if county.order.duty == "supervise" else "bureau_approver")
    at("2026-03-16 10:00")
    return county


def visitor(county, who="supervisor"):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    return client


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def page(county, act="accept"):
    return reverse("order_act", args=[county.order.pk, act])


@pytest.mark.parametrize("act", ["accept", "send_back", "give_up"])
def test_the_form_shows_the_light_of_the_case_beside_the_reply(replied, act):
    said = text_of(visitor(replied).get(page(replied, act)))
    assert "红灯 已超 5 个工作日" in said
    assert "这一件还没有办结，已经超期" in said
    assert said.index("红灯") < said.index("承办单位的回复")


def test_rectified_needs_a_reason_while_the_case_is_late(replied):
    client, words = visitor(replied), "现场核对，已整改。"
    refused = client.post(page(replied), {"words": words})
    assert refused.status_code == 422
    assert "why_late" in refused.context["form"].errors
    assert refused.context["form"]["words"].value() == words
    assert client.post(page(replied), {"words": words, "why_late": WHY}).status_code == 302
    replied.order.refresh_from_db()
    kept = replied.order.acts.get(act="accept").words
    assert replied.order.state == State.CLOSED
    assert kept == f"{words}\n核验时办件未办结，红灯，已超 5 个工作日。仍按已整改了结的理由：{WHY}"
    assert WHY in text_of(client.get(reverse("order", args=[replied.order.pk])))


def test_whoever_comes_past_the_form_is_refused_too(replied):
    with pytest.raises(Invalid) as refusal:
        accept_reply(replied.order.pk, actor=replied.actor("supervisor"), words="已整改。")
    assert (refusal.value.code, refusal.value.field) == ("still_late", "why_late")
    assert not replied.order.acts.filter(act="accept").exists()


def test_a_case_that_is_done_asks_for_no_reason(replied):
    replied.delivered(replied.granted(replied.case))
    client = visitor(replied)
    said = text_of(client.get(page(replied)))
    assert "这一件还没有办结" not in said
    assert "办结 已结束" in said
    assert client.post(page(replied), {"words": "已核对送达回证。"}).status_code == 302
    assert replied.order.acts.get(act="accept").words == "已核对送达回证。"


def test_an_order_about_no_case_has_no_light(county):
    county.order = issue(county)
    reply(county, county.order)
    client = visitor(county)
    assert "办件现在怎样" not in text_of(client.get(page(county)))
    assert client.post(page(county), {"words": "已整改。"}).status_code == 302
