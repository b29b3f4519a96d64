"""The public pages of guides in a real Chromium: on a desk, on a phone, in the version for older people, on paper."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, expect

from halls.actions.open_hall import open_hall
from halls.domain.openings import Opening, OpeningKind
from halls.models import Hall
from tests.factories.halls import GAOQIAO, TAIHE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
Axe = Callable[[Page], list[str]]
Keep = Callable[[Page, str], Path]

ADDRESSES = {
    "list": "/guides/",
    "search": "/guides/?q=盖房子",
    "near": "/guides/?q=盖房子要什么手续",
    "hall": f"/guides/?hall={TAIHE}",
    "halls": f"/guides/halls/?township={TAIHE}",
    "guide": f"/guides/NY-003/?township={TAIHE}&village={GAOQIAO}",
    "guide-county": "/guides/MZ-001/",
    "short": "/guides/NY-003/short/",
    "board": f"/halls/{TAIHE}/board/",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_can_be_used_at_every_size(
    open_page: Callable[..., Page], axe: Axe, keep: Keep, live_server: Any, name: str
) -> None:
    hall = Hall.objects.get(code=TAIHE)
    week = [Opening(OpeningKind.REGULAR, time(9), time(17), weekday=day) for day in range(1, 6)]
    market = Opening(OpeningKind.MARKET, time(8), time(12), digits="258")
    open_hall(hall, [*week, market], since=date(2026, 1, 1))
    for width, elder in ((1440, "0"), (375, "0"), (375, "1"), (1440, "1")):
        page = open_page(width=width)
        page.context.add_cookies([{"name": "elder", "value": elder, "url": live_server.url}])
        page.goto(ADDRESSES[name])
        where = f"{name} {width} {elder}"
        assert axe(page) == [], where
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, where
        keep(page, f"guides/{name}-{width}{'-elder' if elder == '1' else ''}")


def test_ticks_stay_on_the_phone_and_everything_works_without_scripts(open_page: Callable[..., Page]) -> None:
    page = open_page(width=375)
    page.goto("/guides/NY-003/")
    page.get_by_label(re.compile("居民身份证")).check()
    page.reload()
    expect(page.get_by_label(re.compile("居民身份证"))).to_be_checked()
    expect(page.get_by_label(re.compile("居民户口簿"))).not_to_be_checked()
    plain = open_page(width=375, java_script_enabled=False)
    plain.goto("/guides/")
    plain.fill("input[type=search]", "盖房子")
    plain.get_by_role("button", name="搜索").first.click()
    plain.get_by_role("link", name="农村村民宅基地审批").click()
    plain.select_option("#where-township", TAIHE)
    plain.get_by_role("button", name="看去哪儿").click()
    plain.select_option("#where-village", GAOQIAO)
    plain.get_by_role("button", name="再看").click()
    expect(plain.locator("#where")).to_contain_text(Hall.objects.get(code=GAOQIAO).name)
    plain.get_by_label(re.compile("居民身份证")).check()


def test_the_first_visit_is_light(open_page: Callable[..., Page]) -> None:
    page = open_page(width=375)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/guides/NY-003/", wait_until="networkidle")
    assert len(answers) <= 8, [one.url for one in answers]
    assert answers[0].headers["content-encoding"] == "gzip"
    # The site serves its static files compressed; the server of the tests does not.
    weight = sum(len(gzip.compress(one.body())) for one in answers if not one.url.endswith((".svg", ".png")))
    assert weight <= 60_000, weight


@pytest.mark.parametrize("code", ["NY-003", "MZ-001", "ZJ-004", "SJ-005", "ZR-003", "GA-003"])
def test_the_short_form_is_one_sheet(open_page: Callable[..., Page], code: str, tmp_path: Path) -> None:
    page = open_page()
    page.goto(reverse("guide_short", args=[code]))
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
