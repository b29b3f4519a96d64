"""The linter's pages in a real Chromium: nothing for axe to say, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]


@pytest.mark.parametrize("width", [1440, 375])
def test_an_editor_goes_from_a_number_to_the_findings_of_a_guide(
    seeded: Seed,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    keep: Callable[[Page, str], Path],
    width: int,
) -> None:
    def look(step: str) -> None:
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"lint/{width}/{step}")

    page = open_page(width=width)
    account = seeded.accounts["catalogue_editor"]
    page.goto(reverse("matter_lint"))
    page.fill("#id_username", account["username"])
    page.fill("#id_password", account["password"])
    page.click("main button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_have_text("指南检查")
    look("01-overview")
    page.get_by_role("link", name="承诺时限超过法定时限").click()
    expect(page.get_by_role("link", name="临时居民身份证申领")).to_be_visible()
    look("02-matters")
    page.get_by_role("link", name="临时居民身份证申领").click()
    finding = page.get_by_text("法定的 3 个自然日遇上周末只有 1 个工作日")
    expect(finding).to_be_visible()
    look("03-findings")
    folded = page.locator("#lint details").last
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(folded.locator("ul")).to_be_visible()
