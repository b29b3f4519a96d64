"""Whoever may put the second signature hears of the first: a message, and a line on the first page."""

import logging
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.propose_rules import confirm_rules
from applications.models import RuleSet
from halls.domain.duties import PostKind
from halls.models import CalendarNotice, Post, TwoPersons, User
from matters.models import TimeoutPolicy
from supervision.models import Message
from tests.factories.halls import person_in_post
from tests.supervision.calendar_pages import COUNTY_DAYS, PROPOSE_COUNTY, confirm, proposed, text_of, visitor
from tests.supervision.county import County
from tests.supervision.test_defaults import BASIS

pytestmark = pytest.mark.django_db


def propose_calendar(county: County) -> TwoPersons:
    return proposed(county)


def propose_policy(county: County) -> TwoPersons:
    given = {"limit": "2", "policy": "deemed_consent", "effective_on": "2026-03-02", "reason": "常务会议定", **BASIS}
    page = f"{reverse('defaults_propose')}?matter={county.bureau_matter().code}"
    assert visitor(county, "administrator").post(page, given).status_code == 302
    return TimeoutPolicy.objects.latest("pk")


def propose_rules(county: County) -> TwoPersons:
    given = {"effective_on": "2026-03-09", "reason": "按州政府超时默认制度执行"}
    page = reverse("supervision_rule_preset", args=["enshi"])
    assert visitor(county, "administrator").post(page, given).status_code == 302
    return RuleSet.objects.latest("pk")


KINDS = {
    propose_calendar: ("calendar_notice", "2026 年工作日历（本县增减 示例府发〔2026〕3号）", "工作日历 1 项"),
    propose_policy: ("defaults_policy", "第 2 环节“环节2”", "超时默认 1 项"),
    propose_rules: ("supervision_rule_set", "红黄牌规则“", "红黄牌规则 1 项"),
}


def asked() -> dict[int, Message]:
    return {one.user_id: one for one in Message.objects.filter(key__startswith="sign:")}


@pytest.mark.parametrize("propose", KINDS, ids=lambda propose: propose.__name__)
def test_after_the_first_signature_the_second_signers_are_told_and_shown_what_waits(staffed, propose):
    page, about, banner = KINDS[propose]
    client = visitor(staffed, "supervisor")
    assert "待您确认" not in text_of(client.get(reverse("supervision")))
    row = propose(staffed)
    told = asked()
    assert set(told) == {staffed.people["supervisor"].pk}
    message = told[staffed.people["supervisor"].pk]
    assert about in message.words
    assert staffed.people["administrator"].full_name in message.words
    address = reverse(page, args=[row.pk])
    assert address in client.get(reverse("message", args=[message.pk])).content.decode()
    for home in ("supervision", "home"):
        shown = client.get(reverse(home), follow=True)
        assert f"待您确认：{banner}" in text_of(shown)
        assert address in shown.content.decode()
    assert "待您确认" not in text_of(client.get(reverse("messages"))), "on the first page only"
    assert client.get(address).status_code == 200


def test_an_administrator_is_asked_on_the_first_page_too(staffed):
    given = {"effective_on": "2026-03-09", "reason": "按州政府超时默认制度执行"}
    visitor(staffed, "supervisor").post(reverse("supervision_rule_preset", args=["enshi"]), given)
    assert set(asked()) == {staffed.people["administrator"].pk}
    shown = visitor(staffed, "administrator").get(reverse("home"), follow=True)
    assert "待您确认：红黄牌规则 1 项" in text_of(shown)


def test_the_proposer_is_not_asked_nor_under_another_account(staffed):
    twin = person_in_post(PostKind.SUPERVISOR, staffed.hall)
    User.objects.filter(pk=twin.pk).update(person_code=staffed.people["administrator"].person_code)
    proposed(staffed)
    assert set(asked()) == {staffed.people["supervisor"].pk}
    assert "待您确认" not in text_of(visitor(staffed, "administrator").get(reverse("home")))
    client = Client()
    client.force_login(User.objects.get(pk=twin.pk))
    assert "待您确认" not in text_of(client.get(reverse("supervision")))


def test_those_who_may_not_sign_hear_nothing_and_nobody_is_told_twice(staffed):
    gone = person_in_post(PostKind.SUPERVISOR, staffed.hall)
    Post.objects.filter(user=gone).update(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 6))
    proposed(staffed)
    assert set(asked()) == {staffed.people["supervisor"].pk}
    for role in ("director0", "window0", "clerk0"):
        assert "待您确认" not in text_of(visitor(staffed, role).get(reverse("home"), follow=True))


def test_what_was_confirmed_or_dropped_waits_for_nobody(staffed):
    client = visitor(staffed, "supervisor")
    assert confirm(staffed, proposed(staffed)).status_code == 302
    assert "待您确认" not in text_of(client.get(reverse("supervision")))
    row = propose_rules(staffed)
    propose_policy(staffed)
    shown = text_of(client.get(reverse("supervision")))
    assert "红黄牌规则 1 项" in shown
    assert "超时默认 1 项" in shown
    assert "工作日历 1 项" not in shown
    assert isinstance(row, RuleSet)
    confirm_rules(row.pk, actor=staffed.actor("supervisor"), digest=row.digest)
    assert "红黄牌规则 1 项" not in text_of(client.get(reverse("supervision")))


def test_several_that_wait_are_counted_and_lead_to_their_list(staffed):
    for day in ("2026-03-04", "2026-03-05"):
        proposed(staffed, **COUNTY_DAYS | {"days": f"{day} 放假 县庆"})
    html = visitor(staffed, "supervisor").get(reverse("supervision")).content.decode()
    assert "工作日历 2 项" in html
    assert f'href="{reverse("calendar")}">去确认' in html


def test_a_refused_proposal_tells_nobody(staffed):
    values = COUNTY_DAYS | {"act": "propose", "seen": "x", "reason": "县庆"}
    assert visitor(staffed, "administrator").post(reverse(PROPOSE_COUNTY), values).status_code == 200
    assert asked() == {}
    assert not CalendarNotice.objects.filter(kind="county").exists()


def test_whoever_lost_the_post_since_is_led_nowhere(staffed):
    proposed(staffed)
    message = asked()[staffed.people["supervisor"].pk]
    Post.objects.filter(user=message.user).update(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 6))
    page = visitor(staffed, "supervisor").get(reverse("message", args=[message.pk]))
    assert "核对并确认" not in text_of(page)


def test_a_county_with_one_person_who_signs_is_logged(staffed, caplog):
    Post.objects.filter(user=staffed.people["supervisor"]).update(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 6))
    with caplog.at_level(logging.ERROR):
        proposed(staffed)
    assert "nobody_signs_second kind=calendar" in caplog.text
    assert asked() == {}
