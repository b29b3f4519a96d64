"""A guide is changed in a real Chromium, by keyboard: one editor writes and checks, another approves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from matters.models import Matter
from tests.factories.halls import TAIHE
from tests.factories.walk import Walk
from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
CODE = "NY-003"
Axe = Callable[[Page], list[str]]
Keep = Callable[[Page, str], Path]


def press(page: Page, name: str) -> None:
    """Press a button as whoever has no mouse does."""
    button = page.get_by_role("button", name=name, exact=True).first
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1440, 375])
def test_one_editor_changes_a_guide_and_another_approves_it(
    seeded: Seed, open_page: Callable[..., Page], axe: Axe, keep: Keep, width: int
) -> None:
    def look(page: Page, step: str) -> None:
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"editor/{width}/{step}")

    def enter(role: str, address: str) -> Page:
        page = open_page(width=width)
        account = seeded.accounts[role]
        page.goto(address)
        page.fill("#id_username", account["username"])
        page.fill("#id_password", account["password"])
        page.click("main button[type=submit]")
        return page

    running = Walk(seeded).accepted()
    page = enter("catalogue_editor", reverse("matter", args=[CODE]))
    look(page, "01-matter")
    press(page, "修改指南")
    expect(page.get_by_role("heading", name="各部分")).to_be_visible()
    draft = page.url
    look(page, "02-draft")

    # A material: renamed, then moved down, and the focus goes along.
    page.get_by_role("link", name="材料", exact=True).click()
    page.locator("#row-f-materials-0 > details > summary").focus()
    page.keyboard.press("Enter")
    page.fill("#f-materials-0-name", "")
    press(page, "保存这一部分")
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "03-material-fault")
    page.get_by_role("link", name="材料第 1 项 · 材料名称").click()
    page.keyboard.type("宅基地用地申请表（新）")
    first = page.locator("#row-f-materials-0 button[value='down:materials[0]']")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#row-f-materials-1 button[value='down:materials[1]']")).to_be_focused()
    expect(page.locator("#f-materials-1-name")).to_have_value("宅基地用地申请表（新）")
    look(page, "04-materials")

    # A promise: the step is a day shorter, then the promise follows.
    steps = page.get_by_role("link", name="环节", exact=True)
    steps.click()
    days = Matter.objects.get(code=CODE).current
    assert days is not None
    row = next(
        place for place, step in enumerate(days.content["steps"]) if step["counts_in_limit"] and step["days"] > 1
    )
    page.locator(f"#row-f-steps-{row} > details > summary").focus()
    page.keyboard.press("Enter")
    page.fill(f"#f-steps-{row}-days", str(days.content["steps"][row]["days"] - 1))
    look(page, "05-steps")
    press(page, "保存这一部分")
    expect(page.get_by_text("读不通的地方")).to_be_visible()
    page.get_by_role("link", name="承诺时限", exact=True).click()
    expect(page.locator("#f-promised-limit-days")).to_have_attribute("aria-invalid", "true")
    look(page, "06-promise-fault")
    page.fill("#f-promised-limit-days", str(days.promised_days - 1))
    press(page, "保存这一部分")
    expect(page.locator("#changes")).to_contain_text(
        f"承诺时限由 {days.promised_days} 个工作日改为 {days.promised_days - 1}"
    )

    page.fill("#id_why-reason", "奉节府发〔2026〕3号")
    press(page, "保存理由")
    press(page, "核对无误")
    expect(page.get_by_text("已核对，等另一位事项管理员批准")).to_be_visible()
    expect(page.get_by_text("您写过这份草稿")).to_be_visible()
    look(page, "07-checked")
    page.get_by_role("link", name="看群众将看到的样子").click()
    expect(page.get_by_text("这是预览，还没有施行")).to_be_visible()
    look(page, "08-preview")

    other = enter("catalogue_approver", reverse("matter_drafts"))
    expect(other.get_by_role("region", name="等您批准")).to_be_visible()
    look(other, "09-waiting")
    other.goto(draft)
    look(other, "10-approve")
    press(other, "批准")
    expect(other.get_by_text("已批准并发布")).to_be_visible()
    other.goto(f"{reverse('matter_history', args=[CODE])}?from=1&to=2")
    look(other, "11-history")

    public = open_page(width=width)
    public.goto(reverse("guide", args=[CODE]))
    expect(public.get_by_text(f"受理后 {days.promised_days - 1} 个工作日内办结").first).to_be_visible()
    expect(public.get_by_text("宅基地用地申请表（新）").first).to_be_visible()
    running.refresh_from_db()
    assert (running.guide_id, running.guide.promised_days) == (days.pk, days.promised_days)
    other.goto(reverse("matter_import"))
    look(other, "12-import")
    other.goto(reverse("matter_close", args=[CODE, "merge"]))
    look(other, "13-merge")
    other.goto(reverse("matter_catalogue"))
    look(other, "14-list")


@pytest.mark.parametrize("width", [1440, 375])
def test_a_hall_says_when_it_is_open_by_keyboard_and_without_scripts(
    seeded: Seed, open_page: Callable[..., Page], axe: Axe, keep: Keep, width: int
) -> None:
    def enter(address: str, **options: bool) -> Page:
        page = open_page(width=width, **options)
        account = seeded.accounts["township_catalogue"]
        page.goto(address)
        page.fill("#id_username", account["username"])
        page.fill("#id_password", account["password"])
        page.click("main button[type=submit]")
        return page

    def look(page: Page, step: str) -> None:
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"hall/{width}/{step}")

    page = enter(reverse("hall_matters", args=[TAIHE]))
    page.get_by_role("link", name="大厅的地址、电话和开放时间").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="大厅信息")).to_be_visible()
    look(page, "01-empty")
    page.locator("#id_row-0-weekdays_0").focus()
    page.keyboard.press("Space")
    page.fill("#id_row-0-opens", "09:00")
    page.fill("#id_row-0-closes", "08:00")
    page.fill("#id_row-1-digits", "2、2")
    page.fill("#id_reason", "开放")
    press(page, "保存并公布")
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "02-faults")
    page.get_by_role("link", name="第 1 行，关门").press("Enter")
    expect(page.locator("#id_row-0-closes")).to_be_focused()
    page.fill("#id_row-0-closes", "12:00")
    page.fill("#id_row-1-digits", "")
    press(page, "保存并公布")
    expect(page.get_by_text("已公布")).to_be_visible()
    expect(page.locator("#now")).to_contain_text("周一 09:00-12:00 对外办公")
    look(page, "03-published")

    plain = enter(reverse("hall_facts", args=[TAIHE]), java_script_enabled=False)
    plain.fill("#id_phone", "023-56560001")
    plain.check("#id_row-0-weekdays_1")
    plain.fill("#id_reason", "周二也开")
    plain.get_by_role("button", name="保存并公布").click()
    plain.goto(f"{reverse('guide', args=[CODE])}?township={TAIHE}")
    expect(plain.locator("#where")).to_contain_text("周一、周二 09:00-12:00 对外办公")
    expect(plain.locator("#where")).to_contain_text("023-56560001")
