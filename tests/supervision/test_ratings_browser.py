"""A rating in a real Chromium: given on a phone, judged and published from above, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from supervision.models import Rating
from tests.factories.ratings import rating_token
from tests.factories.walk import Walk
from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
Axe = Callable[[Page], list[str]]
Keep = Callable[[Page, str], Path]


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (375, True), (375, False)])
def test_a_bad_rating_from_the_paper_to_the_public_page(
    seeded: Seed,
    open_page: Callable[..., Page],
    axe: Axe,
    keep: Keep,
    width: int,
    scripts: bool,
) -> None:
    def look(page: Page, step: str) -> None:
        if scripts:  # axe is a script itself
            assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"ratings/{width}-{'js' if scripts else 'plain'}/{step}")

    def enter(role: str, address: str) -> Page:
        page = open_page(width=width, java_script_enabled=scripts)
        account = seeded.accounts[role]
        page.goto(address)
        page.fill("#id_username", account["username"])
        page.fill("#id_password", account["password"])
        page.click("main button[type=submit]")
        return page

    case = Walk(seeded).delivered()
    assert case.number
    villager = open_page(width=width, java_script_enabled=scripts)
    villager.goto(reverse("rate_start"))
    look(villager, "01-start")
    villager.fill("#id_number", case.number)
    code = rating_token(case.number)
    villager.fill("#id_code", code)
    villager.get_by_role("button", name="下一步").click()
    villager.wait_for_url(f"**/{case.number}.{code}/**")
    look(villager, "02-levels")
    villager.get_by_role("link", name="非常不满意").click()
    villager.get_by_role("button", name="提交评价").click()
    expect(villager.locator(".error-summary")).to_be_visible()
    look(villager, "03-says-nothing")
    villager.get_by_label("态度差、拖拉").check()
    villager.get_by_role("button", name="提交评价").click()
    expect(villager.locator("h1")).to_contain_text("谢谢您")
    look(villager, "04-rated")

    rating = Rating.objects.get()
    page_of_it = reverse("rating", args=[rating.pk])
    director = enter("township_director", reverse("ratings"))
    look(director, "05-work-list")
    director.locator("table").get_by_role("link", name="非常不满意").click()
    look(director, "06-rating")
    director.get_by_role("button", name="查看评价人电话").click()
    expect(director.locator(".phone")).to_contain_text("13800138000")
    director.get_by_label("联系的情况").fill("本人接听，反映态度差")
    director.get_by_role("button", name="已联系上").click()
    director.get_by_label("核实的情况和理由").fill("调看监控，属实")
    director.locator("#id_verify-seat_0").check()
    director.get_by_role("button", name="属实，交办整改").click()
    expect(director.locator("main")).to_contain_text("整改中")
    look(director, "07-to-be-put-right")

    clerk = enter("village_clerk", page_of_it)
    expect(clerk.locator("main")).not_to_contain_text(case.display_number)
    look(clerk, "08-the-hall-s-own")
    clerk.get_by_label("怎样整改的").fill("已当面道歉")
    clerk.get_by_role("button", name="整改完成").click()
    expect(clerk.locator("main")).to_contain_text("待反馈")

    for label, words, button in (
        ("怎样告知评价人的", "已电话告知", "已反馈"),
        ("回访的情况", "群众认可", "现在满意"),
        ("公开的内容", "张大山反映态度差，已道歉、培训", "公开，办结"),
    ):
        page = director if label != "回访的情况" else enter("supervisor", page_of_it)
        page.goto(page_of_it)
        if page is not director:  # whoever calls looks at the number
            page.get_by_role("button", name="查看评价人电话").click()
        page.get_by_label(label).fill(words)
        page.get_by_role("button", name=button).click()
    expect(director.locator("main")).to_contain_text("已办结")
    look(director, "09-closed")
    director.goto(reverse("callbacks"))
    look(director, "10-callbacks")
    director.goto(reverse("rating_enter"))
    look(director, "11-enter")
    villager.goto(reverse("ratings_hall", args=["500236272"]))
    expect(villager.locator("main")).to_contain_text("张**反映态度差")
    look(villager, "12-public-hall")
    villager.goto(reverse("ratings_public"))
    look(villager, "13-public")
