"""时限说明单 in a browser: staff, villager and paper, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.models import Application
from applications.sealing import query_token
from tests.factories.cases import a_case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("seeded"),
]
WIDTHS = (1440, 375)


@pytest.fixture
def case(travel: Callable[[str], Any]) -> Application:
    """A case that was suspended and is at its decision, a month old: its promise is over."""
    travel(f"{timezone.localtime() - timedelta(days=40):%Y-%m-%d} 10:00")
    return a_case("at_decision")


@pytest.fixture
def enter(seeded: Any, live_server: Any) -> Callable[[Page, str], None]:
    def log_in(page: Page, role: str) -> None:
        client = Client()
        client.force_login(seeded.user(role))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return log_in


def addresses(case: Application) -> dict[str, str]:
    clock = case.clocks.get(kind="promised")
    number = case.number or ""
    return {
        "page": reverse("clock_statement", args=[number, clock.pk]),
        "paper": reverse("clock_paper", args=[number, clock.pk]),
        "case": reverse("case", args=[number]) + "?tab=limits",
        "villager": reverse("progress_limits", args=[f"{number}.{query_token(number)}"]),
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_read_it(
    width: int, case: Application, open_page: Any, enter: Any, axe: Callable[[Page], list[str]], keep: Any
) -> None:
    page = open_page(width=width)
    enter(page, "supervisor")
    for name, address in addresses(case).items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name
        keep(page, f"statement/{name}-{width}")


def test_a_villager_reads_plain_words_first_and_the_days_are_folded(case: Application, phone: Page, keep: Any) -> None:
    phone.goto(addresses(case)["villager"])
    expect(phone.locator(".limit-now")).to_contain_text("承诺 10 个工作日")
    now = phone.locator(".limit-now").bounding_box()
    assert now is not None
    assert now["y"] < 500
    table = phone.locator("table.days").first
    expect(table).to_be_hidden()
    keep(phone, "statement/villager-folded")
    summary = phone.locator("details.limit-days > summary").first
    target = summary.bounding_box()
    assert target is not None
    assert target["height"] >= 44
    summary.focus()
    phone.keyboard.press("Enter")
    expect(table).to_be_visible()


def test_on_a_phone_no_column_is_squeezed_or_out_of_sight(case: Application, phone: Page, enter: Any) -> None:
    enter(phone, "supervisor")
    at = addresses(case)
    phone.goto(at["page"])
    heights = phone.evaluate("[...document.querySelectorAll('.days time')].map(day => day.getClientRects().length)")
    assert set(heights) == {1}, "a date stands on one line"
    phone.goto(at["case"])
    edges = phone.evaluate(
        "[...document.querySelectorAll('.clocks .c-state')].map(c => c.getBoundingClientRect().right)"
    )
    assert edges
    assert max(edges) <= 375
    phone.goto(at["paper"])
    narrow = "[...document.querySelectorAll('.doc-table tbody td, .doc-facts td')].map(c => c.offsetWidth)"
    assert min(phone.evaluate(narrow)) > 120


def test_the_paper_fits_on_a4(case: Application, page: Page, enter: Any, tmp_path: Path) -> None:
    enter(page, "supervisor")
    page.goto(addresses(case)["paper"])
    printed = page.pdf(prefer_css_page_size=True)
    Path(settings.BASE_DIR, ".local", "artifacts", "statement").mkdir(parents=True, exist_ok=True)
    Path(settings.BASE_DIR, ".local", "artifacts", "statement", "paper.pdf").write_bytes(printed)
    assert printed.startswith(b"%PDF")
    assert 1 <= printed.count(b"/Type /Page\n") <= 4
    page.emulate_media(media="print")
    expect(page.locator(".print-bar")).to_be_hidden()
