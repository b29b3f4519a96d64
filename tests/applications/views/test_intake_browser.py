"""The main job of the village clerk in a real Chromium: four guises, and once without any script."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from applications.models import Application
from applications.sealing import query_code
from tests.factories.cases import a_case
from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
Axe = Callable[[Page], list[str]]
Keep = Callable[[Page, str], Path]
GUISES = {
    "phone": ({"width": 375, "height": 812, "is_mobile": True, "has_touch": True}, False),
    "desk": ({"width": 1440, "height": 900}, False),
    "phone-elder": ({"width": 375, "height": 812, "is_mobile": True, "has_touch": True}, True),
    "desk-elder": ({"width": 1440, "height": 900}, True),
}


@pytest.fixture(params=GUISES)
def guise(request: pytest.FixtureRequest, open_page: Callable[..., Page], live_server: Any) -> tuple[str, Page]:
    options, is_elder = GUISES[request.param]
    page = open_page(**options)
    if is_elder:
        page.context.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    return request.param, page


def a_photo() -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((1200, 1700), 40).convert("RGB").save(kept, "JPEG", quality=85)
    return kept.getvalue()


class Looker:
    """Looks at every page on the way: nothing for axe to say, nothing wider than the screen, a picture kept."""

    def __init__(self, page: Page, name: str, axe: Axe, keep: Keep) -> None:
        self.page, self.name, self.axe, self.keep = page, name, axe, keep

    def __call__(self, step: str) -> None:
        assert self.axe(self.page) == [], step
        assert self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        self.keep(self.page, f"intake/{self.name}/{step}")


def log_in(page: Page, seed: Seed) -> None:
    account = seed.accounts["village_clerk"]
    page.goto(reverse("intake"))
    page.fill("#id_username", account["username"])
    page.fill("#id_password", account["password"])
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("要办什么事？")


def fill_in(page: Page, look: Callable[[str], None]) -> None:
    """From the matter to the check of the answers."""
    page.click("button.pick[value='NY-003']")
    look("03-who")
    page.fill("#id_name", "张")
    page.fill("#id_id_number", "110105194912310021")
    page.click(".actions .btn-primary")
    expect(page.locator(".error-summary")).to_be_visible()
    look("04-who-wrong")
    page.fill("#id_name", "张大山")
    page.fill("#id_id_number", "11010519491231002x")
    page.fill("#id_phone", "13912345678")
    page.click(".actions .btn-primary")
    expect(page.locator("h1")).to_have_text("还要说明什么？")
    expect(page.locator(".banner[data-kind=proxy]")).to_contain_text("正在为 张** 代办")
    look("05-more")
    page.fill("#id_reason", "原房屋是危房，申请原址翻建。")
    page.click(".actions .btn-primary")
    for seq in range(1, 8):
        page.locator(f"label:has(input[name=declared_{seq}][value={'have' if seq < 7 else 'later'}])").click()
    page.set_input_files("#files-1", {"name": "申请表.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    page.set_input_files("#files-3", {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": b"<html>"})


def test_a_case_is_taken_in_and_found_again(
    guise: tuple[str, Page], seeded: Seed, axe: Axe, keep: Keep, open_page: Callable[..., Page]
) -> None:
    name, page = guise
    look = Looker(page, name, axe, keep)
    log_in(page, seeded)
    look("01-start")
    page.locator("#search").press_sequentially("zjd", delay=30)
    expect(page.locator("#matters h2")).to_contain_text("找到")
    look("02-found")
    fill_in(page, look)
    expect(page.locator("[data-shrink] .live").first).to_contain_text("已选 1 个文件")
    look("06-papers")
    page.click(".actions .btn-primary")
    expect(page.locator(".error-summary")).to_contain_text("这不是 JPG")
    look("07-papers-wrong")
    page.click(".actions .btn-primary")
    expect(page.locator("h1")).to_have_text("核对后提交")
    look("08-check")
    page.goto(reverse("intake"))
    expect(page.locator(".tasks")).to_contain_text("只差核对提交")
    look("09-drafts")
    page.click(".tasks a")
    look("10-tasks")
    page.click(".actions .btn-primary")
    page.locator("label:has(#id_applicant_checked)").click()
    page.click(".actions .btn-primary")
    expect(page.locator("h1")).to_have_text("已提交，等窗口收件")
    look("11-receipt")
    case = Application.objects.get(number__isnull=False)
    page.click("text=打印回执")
    look("12-paper")
    page.goto(reverse("receipt_print", args=[case.number]) + "?slip=1")
    look("13-slip")
    _look_up(page, case, look)


def _look_up(page: Page, case: Application, look: Callable[[str], None]) -> None:
    page.context.clear_cookies(name="sessionid")
    page.goto("/")
    look("14-landing")
    page.click("main >> text=查进度")
    page.fill("#id_number", case.display_number)
    page.fill("#id_code", query_code(case.number or "").lower())
    look("15-progress-form")
    page.click("main button[type=submit]")
    expect(page.locator(".stair")).to_contain_text("送到您手上")
    look("16-progress")


def test_without_script_everything_works(open_page: Callable[..., Page], seeded: Seed) -> None:
    page = open_page(width=375, height=812, java_script_enabled=False)
    log_in(page, seeded)
    page.fill("#search", "宅基地")
    page.click("text=搜索")
    fill_in(page, lambda _step: None)
    page.click(".actions .btn-primary")
    expect(page.locator(".error-summary")).to_contain_text("其余的已经存好")
    page.click("text=移除")
    expect(page.locator(".message")).to_contain_text("已移除「申请表.jpg」")
    page.click(".actions .btn-primary")
    page.check("#id_applicant_checked")
    page.click(".actions .btn-primary")
    expect(page.locator("h1")).to_have_text("已提交，等窗口收件")


def test_two_presses_of_the_button_are_one_case(open_page: Callable[..., Page], seeded: Seed) -> None:
    page = open_page()
    log_in(page, seeded)
    case = a_case("draft")
    case.materials.update(declared="have")
    page.goto(reverse("intake_check", args=[case.key]))
    page.check("#id_applicant_checked")
    page.evaluate("document.querySelector('.actions .btn-primary').click(); document.getElementById('step').submit()")
    expect(page.locator("h1")).to_have_text("已提交，等窗口收件")
    assert Application.objects.filter(number__isnull=False).count() == 1


@pytest.mark.parametrize("state", ["suspended", "correcting", "on_its_way", "delivered", "declined"])
def test_every_kind_of_progress_can_be_read(open_page: Callable[..., Page], axe: Axe, keep: Keep, state: str) -> None:
    case = a_case(state)
    page = open_page(width=375, height=812)
    page.goto("/progress/")
    page.fill("#id_number", case.number or "")
    page.fill("#id_code", query_code(case.number or ""))
    page.click("main button[type=submit]")
    expect(page.locator(".stair")).to_be_visible()
    Looker(page, "progress", axe, keep)(state)
