"""Choosing other card rules in a real browser, at a desk and on a phone: try, propose, and the second signature."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]


@pytest.mark.parametrize("width", [1440, 375], ids=["desk", "phone"])
def test_rules_are_tried_proposed_and_confirmed(seeded, open_page, axe, keep, width):
    def log_in(username, password):
        page = open_page(width=width, height=900)
        page.goto("/login/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    def see(page, name):
        assert axe(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), "scrolls sideways"
        keep(page, f"rules-{width}/{name}")

    account = seeded.accounts["supervisor"]
    page = log_in(account["username"], account["password"])
    page.goto("/supervision/rules/")
    see(page, "overview")
    page.get_by_role("link", name="在历史办件上试算").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("规则试算")
    see(page, "trial")
    page.goto("/supervision/rules/presets/enshi/")
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("请写明理由")
    see(page, "refused")
    page.get_by_label("理由").fill("按本县文件试行")
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page).to_have_url(re.compile("/supervision/rules/sets/"))
    see(page, "proposed")
    address = page.url
    other = seeded.accounts["administrator"]
    second = log_in(other["username"], other["password"])
    second.goto(address)
    see(second, "to-confirm")
    second.get_by_role("button", name="确认", exact=True).click()
    expect(second.get_by_text("待起用").first).to_be_visible()
    see(second, "confirmed")
