"""A changed day in a real Chromium: one person proposes it, another confirms it, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Event
from halls.selectors.work_calendar import read_moment
from tests.factories.walk import Walk
from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
Axe = Callable[[Page], list[str]]
Keep = Callable[[Page, str], Path]


def next_working_day() -> date:
    moment = read_moment()
    return moment.calendar.next_working(moment.at.date() + timedelta(days=1))


@pytest.mark.parametrize("width", [1440, 375])
def test_a_day_off_is_proposed_by_one_and_confirmed_by_another(
    seeded: Seed, open_page: Callable[..., Page], axe: Axe, keep: Keep, width: int
) -> None:
    def look(page: Page, step: str) -> None:
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"calendar/{width}/{step}")

    def enter(role: str, address: str) -> Page:
        page = open_page(width=width)
        account = seeded.accounts[role]
        page.goto(address)
        page.fill("#id_username", account["username"])
        page.fill("#id_password", account["password"])
        page.click("main button[type=submit]")
        return page

    case, day = Walk(seeded).accepted(), next_working_day()
    page = enter("administrator", reverse("calendar"))
    look(page, "01-years")
    page.get_by_role("link", name="录入年度通知").click()
    page.fill("#id_text", "你好")
    page.get_by_role("button", name="演算").click()
    expect(page.locator(".error-summary")).to_be_visible()
    look(page, "02-not-understood")
    page.goto(reverse("calendar_propose_county"))
    page.fill("#id_year", str(day.year))
    page.fill("#id_document_no", "示例府发〔2026〕3号")
    page.fill("#id_days", f"{day} 放假 县庆")
    page.get_by_role("button", name="演算").click()
    expect(page.locator("#rehearsal")).to_be_visible()
    look(page, "03-rehearsed")
    page.fill("#id_reason", "县庆放假")
    page.get_by_role("button", name="提出").click()
    expect(page.locator("main")).to_contain_text("须由另一位")
    look(page, "04-proposed")

    page = enter("supervisor", reverse("supervision"))
    expect(page.get_by_role("region", name="系统提示")).to_contain_text("待您确认：工作日历 1 项")
    look(page, "05-asked")
    page.get_by_role("link", name="去确认").click()
    expect(page.locator("main")).to_contain_text("个时限：")
    expect(page.locator("main")).to_contain_text(case.display_number)
    look(page, "06-to-confirm")
    page.fill("#id_reason", "已核对文件")
    page.get_by_role("button", name="确认生效").click()
    expect(page.locator("main")).to_contain_text("已完成")
    look(page, "07-in-force")
    assert Event.objects.filter(application=case, verb="recalculate").count() == 1
