"""A complaint in a real Chromium: from the village's code to the answer, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.sealing import query_code
from supervision.models import Voice
from tests.factories.halls import GAOQIAO
from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
Axe = Callable[[Page], list[str]]
Keep = Callable[[Page, str], Path]
WORDS = "上午去服务点两次都没有人，等了两个小时，打电话也没有人接。"


@pytest.mark.parametrize("width", [1440, 375])
def test_a_villager_complains_and_reads_the_answer(
    seeded: Seed, open_page: Callable[..., Page], axe: Axe, keep: Keep, width: int
) -> None:
    def look(page: Page, step: str) -> None:
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"voices/{width}/{step}")

    def enter(role: str, address: str) -> Page:
        page = open_page(width=width)
        account = seeded.accounts[role]
        page.goto(address)
        page.fill("#id_username", account["username"])
        page.fill("#id_password", account["password"])
        page.click("main button[type=submit]")
        return page

    villager = open_page(width=width, java_script_enabled=False)
    villager.goto(f"{reverse('voices')}?hall={GAOQIAO}")
    look_without_script(villager, width)
    villager.get_by_role("link", name="投诉", exact=True).click()
    expect(villager.locator("#id_hall option:checked")).to_contain_text("高桥村")
    villager.get_by_role("button", name="提交").click()
    expect(villager.locator(".error-summary")).to_be_visible()
    villager.fill("#id_words", WORDS)
    villager.fill("#id_name", "龘靐齉")
    villager.fill("#id_phone", "13987654321")
    villager.get_by_role("button", name="提交").click()
    expect(villager.locator(".confirmation-number")).to_contain_text("TS")
    voice = Voice.objects.get()

    page = open_page(width=width)
    for step, address in (
        ("01-ways", reverse("voices")),
        ("02-complain", f"{reverse('voice_complain')}?hall={GAOQIAO}"),
        ("03-ask", reverse("voice_ask")),
        ("04-repeat", reverse("voice_repeat")),
        ("05-follow", reverse("voice_follow")),
    ):
        page.goto(address)
        look(page, step)
    page.fill("#id_number", voice.number)
    page.fill("#id_code", query_code(voice.number))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("已经收到")
    look(page, "06-where-it-is")
    page.get_by_role("link", name="回执").click()
    look(page, "07-receipt")
    page.get_by_role("link", name="打印回执").click()
    look(page, "08-receipt-paper")

    desk = enter("township_director", reverse("voice_list"))
    look(desk, "09-desk")
    desk.get_by_role("link", name=voice.display_number).click()
    expect(desk.locator("main")).to_contain_text(WORDS)
    look(desk, "10-complaint")
    for label, fill in (
        ("受理", {}),
        ("记录调查", {"#id_words": "看了值班表"}),
        ("转被投诉单位说明", {"#id_summary": "反映服务点没有人值守"}),
        ("延期", {"#id_days": "5", "#id_reason": "要找当天在场的人核实"}),
    ):
        desk.get_by_role("link", name=label, exact=True).click()
        look(desk, f"11-{label}")
        for field, value in fill.items():
            desk.fill(field, value)
        desk.locator("button[form=act]").click()
        expect(desk.locator("main")).to_contain_text(f"已办：{label}")
    clerk = enter("village_clerk", f"{reverse('voice_list')}?tab=asked")
    clerk.get_by_role("link", name=re.compile("^SM")).click()
    expect(clerk.locator("main")).not_to_contain_text(voice.display_number)
    expect(clerk.locator("main")).to_contain_text("反映服务点没有人值守")
    expect(clerk.locator("main")).not_to_contain_text(WORDS)
    look(clerk, "12-asked-to-explain")
    desk.get_by_role("link", name="答复", exact=True).click()
    desk.check("input[name=result][value=upheld]")
    desk.fill("#id_words", "情况属实，已安排顶班。")
    desk.locator("button[form=act]").click()
    look(desk, "13-answered")
    desk.get_by_role("link", name="处理结果告知书").click()
    look(desk, "14-paper")
    villager.get_by_role("link", name="看处理到哪一步").click()
    expect(villager.locator("main")).to_contain_text("情况属实，已安排顶班。")
    page.goto(villager.url)
    look(page, "15-followed")
    window = enter("township_window", reverse("voice_new_complaint"))
    look(window, "16-write-down")


def look_without_script(page: Page, width: int) -> None:
    """No page of a villager needs a script."""
    expect(page.locator("h1")).to_contain_text("咨询投诉")
    assert page.viewport_size is not None
    assert page.viewport_size["width"] == width
