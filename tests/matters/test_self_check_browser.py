"""The answers to the questions in a real Chromium: the result has the focus, and is one sheet of paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("width", [1440, 375])
def test_the_page_goes_to_what_one_must_bring(open_page: Callable[..., Page], axe: Axe, width: int) -> None:
    page = open_page(width=width)
    page.goto("/guides/MZ-001/check/")
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="列出我要带的材料").click()
    expect(page).to_have_url(re.compile(r"q0=0#result$"))
    expect(page.get_by_role("heading", name="您要带的材料")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.id") == "result"
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.emulate_media(media="print")
    expect(page.locator(".public-head")).to_be_hidden()
    expect(page.locator("form.paper")).to_be_hidden()
    expect(page.get_by_text("按您的回答")).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_a_bundle_fits_a_phone(open_page: Callable[..., Page], axe: Axe) -> None:
    page = open_page(width=375)
    page.goto("/bundles/YJS-01/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
