"""The life of a card in a real Chromium: nothing for axe to say, nothing wider than the screen, by keyboard."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from halls.models import User
from supervision.actions.exclude import Span, confirm_exclusion, propose_exclusion
from supervision.actions.open_accounts import open_accounts
from supervision.actions.settle_account import Deed, settle_account
from supervision.models import Accountability
from supervision.models.card_review import life
from tests.supervision.cards import card_by_hand, late_card, staffed
from tests.supervision.county import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page, live_server, person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("width", [1440, 375])
def test_a_card_is_let_out_appealed_and_revoked(county, open_page, live_server, axe, keep, width):
    people = staffed(county)
    card = card_by_hand(people)
    url = reverse("supervision_card", args=[card.pk])

    def look(page, step):
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"cards/{width}/{step}")

    def opened(who, address):
        page = open_page(width=width)
        enter(page, live_server, people.people[who])
        page.goto(address)
        return page

    page = opened("supervisor", reverse("supervision_card_issue"))
    look(page, "01-which-case")
    page.fill("#case-number", card.application.number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="提出发牌")).to_be_visible()
    look(page, "02-charge")
    page = opened("second", url)
    look(page, "03-waiting")
    page.fill("#issue-reason", "已核对案卷")
    page.get_by_role("button", name="确认发出").click()
    expect(page.locator("main")).to_contain_text("已发")
    page.goto(reverse("supervision_cards_ranking"))
    expect(page.locator("table")).to_contain_text("东乡便民服务中心")
    look(page, "03-ranking")
    page = opened("approver0", url)
    look(page, "04-blamed")
    page.fill("#appeal-reason", "附有书面理由")
    page.get_by_role("button", name="提交申诉").click()
    expect(page.locator("main")).to_contain_text("申诉待决定")
    page.goto(reverse("supervision_cards_own"))
    look(page, "05-own-cards")
    page = opened("third", url)
    look(page, "06-to-decide")
    page.fill("#review-reason", "理由成立")
    page.get_by_role("button", name="撤销这张牌").click()
    expect(page.locator("main")).to_contain_text("已撤销")
    look(page, "07-revoked")
    page.goto(reverse("supervision_card_paper", args=[card.pk]))
    look(page, "08-paper")
    assert life(card).state == "revoked"


@pytest.mark.parametrize("width", [1440, 375])
def test_rankings_exclusions_and_accounts_are_fit_to_be_read(county, open_page, live_server, axe, keep, width):
    people = staffed(county)
    card = late_card(people, "red", "2026-04-20 09:00")
    open_accounts()
    account = Accountability.objects.get(card=card)
    supervisor = people.actor("supervisor")
    deed = Deed("handle", "当面约谈", "talk", "办公室主任", "县政务服务局", date(2026, 4, 20), "示例约〔2026〕1号")
    settle_account(account.pk, deed, actor=supervisor)
    refer = Deed("refer", "线索移送", document_no="示例移〔2026〕1号", done_on=date(2026, 4, 20))
    settle_account(account.pk, refer, actor=supervisor)
    span = Span(people.townships[0].code, date(2026, 4, 20), None, "示例府发〔2026〕9号")
    rule = propose_exclusion(span, actor=supervisor, reason="灾后重建")
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    propose_exclusion(span, actor=people.actor("second"), reason="另一条")
    page = open_page(width=width)
    enter(page, live_server, people.people["supervisor"])
    at("2026-04-20 09:00")
    for step, address in (
        ("ranking", reverse("supervision_cards_ranking")),
        ("exclusions", reverse("supervision_exclusions")),
        ("exclusion", reverse("supervision_exclusion", args=[rule.pk])),
        ("accounts", reverse("defaults_accountability")),
        ("account", reverse("supervision_account", args=[account.pk])),
        ("warnings", reverse("supervision_warnings")),
    ):
        page.goto(address)
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"cards/{width}/{step}")
