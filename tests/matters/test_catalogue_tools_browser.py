"""The editors' tools in a real Chromium, by keyboard: files of a draft, similar matters, the comparison of guides."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from matters.actions.compare_guides import compare_guides
from matters.actions.import_matters import import_matters
from matters.models import MatterClosing
from tests.factories.matters import as_file, record
from tests.seed import Seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
CODE = "MZ-001"


def a_form() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


@pytest.mark.parametrize("width", [1440, 375])
def test_an_editor_brings_a_form_compares_guides_and_merges_two(
    seeded: Seed,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    keep: Callable[[Page, str], Path],
    width: int,
) -> None:
    def look(step: str) -> None:
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"catalogue-tools/{width}/{step}")

    def press(name: str) -> None:
        page.locator("main button", has_text=name).first.focus()
        page.keyboard.press("Enter")

    import_matters(as_file(record("MZ-004", id="MZ-901", conditions=["本县户籍", "另有要求"])))
    compare_guides()
    page = open_page(width=width)
    account = seeded.accounts["catalogue_editor"]
    page.goto(reverse("matter", args=[CODE]))
    page.fill("#id_username", account["username"])
    page.fill("#id_password", account["password"])
    page.click("main button[type=submit]")

    # A blank form: first something that is none, then one that is.
    page.get_by_role("button", name="修改指南").click()
    page.get_by_role("link", name="空表和样表", exact=True).click()
    look("01-files")
    page.set_input_files("#file-1-blank", {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    press("上传")
    expect(page.locator(".error-summary")).to_be_focused()
    look("02-file-refused")
    page.locator(".error-summary a").click()
    expect(page.locator("#file-1-blank")).to_be_focused()
    page.set_input_files("#file-1-blank", {"name": "a.docx", "mimeType": "application/zip", "buffer": a_form()})
    press("上传")
    expect(page.get_by_text("随草稿发布").first).to_be_visible()
    look("03-file-kept")

    # The comparison of guides, from the page of the linter.
    page.goto(reverse("matter_lint"))
    expect(page.get_by_role("heading", name="得分怎么算")).to_be_visible()
    look("04-definition")
    page.get_by_role("link", name="八统一核对").click()
    expect(page.locator("mark", has_text="另有要求")).to_be_visible()
    look("05-sameness")

    # Two of one name: compared, then merged.
    page.goto(reverse("matter_similar"))
    look("06-similar")
    page.get_by_role("link", name="MZ-901").click()
    expect(page.get_by_role("heading", name="有什么不同")).to_be_visible()
    look("07-pair")
    press("并入")
    expect(page.locator(".error-summary")).to_be_focused()
    look("08-pair-refused")
    page.get_by_label("MZ-004", exact=False).first.check()
    page.get_by_label("理由").fill("同一事项，渝府发〔2026〕3号")
    page.get_by_label("我已核对").check()
    press("并入")
    expect(page).to_have_url(re.compile(r"/matters/MZ-901/$"))
    look("09-waits-for-another")
    proposed = MatterClosing.objects.get(matter__code="MZ-901")
    assert proposed.into is not None
    assert proposed.into.code == "MZ-004"
    assert proposed.confirmed_at is None


@pytest.mark.parametrize("width", [1440, 375])
def test_a_township_editor_finds_their_own_work(
    seeded: Seed,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    keep: Callable[[Page, str], Path],
    width: int,
) -> None:
    page = open_page(width=width)
    account = seeded.accounts["township_catalogue"]
    page.goto(reverse("home"))
    page.fill("#id_username", account["username"])
    page.fill("#id_password", account["password"])
    page.click("main button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_contain_text("受理清单")
    page.locator("details > summary").first.focus()
    page.keyboard.press("Enter")
    for step, address in (("01-list", ""), ("02-catalogue", "matter_catalogue"), ("03-drafts", "matter_drafts")):
        if address:
            page.goto(reverse(address))
            expect(page.get_by_text("指南内容由主管部门修改").first).to_be_visible()
        assert axe(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, step
        keep(page, f"township-editor/{width}/{step}")
