"""What a card says of itself once something became of it: on paper, in messages, to the body that it blames."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.errors import NotPermitted
from halls.models import User
from supervision.actions.appeal_card import appeal_card
from supervision.actions.cancel_card import cancel_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.models import LimitWarning, Message
from tests.supervision.cards import card_by_hand, late_card, told
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def visitor(people, who):
    client = Client()
    client.force_login(User.objects.get(pk=people.people[who].pk))
    return client


def text_of(people, who, name, *args):
    answer = visitor(people, who).get(reverse(name, args=args))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def paper_of(people, card, who="approver0"):
    return text_of(people, who, "supervision_card_paper", card.pk)


def issued(people):
    card = card_by_hand(people)
    at("2026-03-05 10:00")
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    return card


def told_about(key):
    return dict(Message.objects.filter(key=key).values_list("user", "level"))


def test_a_revoked_card_prints_as_the_notice_that_takes_it_back(people):
    card = issued(people)
    told()
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="已写明理由")
    at("2026-03-06 10:00")
    review_card(appeal.pk, actor=people.actor("third"), act="revoke", reason="申诉属实")
    paper = paper_of(people, card)
    who = people.people["third"].full_name
    for words in ("红牌撤销通知书", f"{card.number}号《红牌通知书》", "申诉属实", who, "2026年3月6日 10:00"):
        assert words in paper, words
    for words in ("现予以红牌", "可以申诉"):
        assert words not in paper, words


def test_a_cancelled_card_says_on_paper_that_it_was_cancelled(people):
    card = card_by_hand(people)
    cancel_card(card.pk, actor=people.actor("second"), reason="不发")
    assert "红牌通知书（已取消，没有发出）" in paper_of(people, card, "supervisor")


def test_a_notice_carries_the_right_of_appeal_before_anybody_was_told(people):
    card = issued(people)
    assert "自告知的次日起 5 个工作日内可以申诉" in paper_of(people, card)
    told()
    assert "2026年3月5日 10:00告知，5 个工作日内可以申诉，到 2026年3月12日止" in paper_of(people, card)


def test_the_notice_is_a_sentence_with_a_subject(people):
    card = issued(people)
    words = f"中，存在“{card.get_fault_display()}”的情形，现予以红牌，请立即纠正。"
    assert words in paper_of(people, card)


def test_whoever_may_decide_hears_of_an_appeal_and_nobody_else(people):
    card = issued(people)
    told()
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="已写明理由")
    assert set(told_about(f"appeal:{appeal.pk}")) == {people.people["third"].pk}
    found = Message.objects.get(key=f"appeal:{appeal.pk}")
    assert reverse("supervision_card", args=[card.pk]) in (
        visitor(people, "third").get(reverse("message", args=[found.pk])).content.decode()
    )


def test_whoever_had_or_proposed_the_card_hears_of_the_decision_without_a_red_light(people):
    card = issued(people)
    told()
    had = set(told_about(f"warning:{card.pk}"))
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="已写明理由")
    row = review_card(appeal.pk, actor=people.actor("third"), act="revoke", reason="申诉属实")
    heard = told_about(f"review:{row.pk}")
    assert had
    assert had | {people.people["supervisor"].pk, people.people["approver0"].pk} <= set(heard)
    assert set(heard.values()) == {""}
    assert "红灯" not in text_of(people, "approver0", "messages")


def test_what_was_upheld_is_called_a_card_and_no_light(people):
    card = issued(people)
    told()
    appeal = appeal_card(card.pk, actor=people.actor("approver0"), reason="已写明理由")
    review_card(appeal.pk, actor=people.actor("third"), act="uphold", reason="记录属实")
    assert "红灯" not in text_of(people, "approver0", "messages")


def test_a_director_proposes_nothing_about_the_own_hall_and_reads_who_may_appeal(people):
    card = late_card(people)
    told()
    shown = visitor(people, "director0").get(reverse("supervision_card", args=[card.pk])).content.decode()
    assert 'value="propose"' not in shown
    assert "谁可以申诉" in shown
    assert "审批人" in shown
    assert "您不能建议撤销" in shown
    with pytest.raises(NotPermitted, match="own_body"):
        propose_revocation(card.pk, actor=people.actor("director0"), reason="算错")
    propose_revocation(card.pk, actor=people.actor("supervisor"), reason="算错")


def test_nobody_is_offered_an_order_to_the_own_hall(people):
    card = late_card(people)
    link = f"{reverse('order_new')}?card={card.pk}"
    for page in (reverse("supervision_card", args=[card.pk]), reverse("supervision_warnings")):
        assert link not in visitor(people, "director0").get(page).content.decode(), page
        assert link in visitor(people, "supervisor").get(page).content.decode(), page


def test_a_card_by_hand_has_effect_since_it_was_confirmed(people):
    card = card_by_hand(people)
    waits = text_of(people, "supervisor", "supervision_card", card.pk)
    assert "还没有生效，自县监察员确认发出时生效" in waits
    at("2026-03-05 10:00")
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    shown = text_of(people, "supervisor", "supervision_card", card.pk)
    assert "生效 2026年3月5日 10:00" in shown
    assert "登记 2026年3月4日 10:00" in shown
    facts = visitor(people, "third").get(reverse("order_new"), {"card": card.pk}).context["form"].initial["facts"]
    assert "该红牌自2026年3月5日生效、2026年3月4日登记" in facts
    assert LimitWarning.objects.get(pk=card.pk).effective_at == card.effective_at
