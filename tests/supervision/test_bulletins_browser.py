"""Statistics, bulletins and ledgers in a real Chromium, at the width of a desk and of a phone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from supervision.actions.draft_bulletin import draft_bulletin
from supervision.domain.periods import Period, PeriodKind
from tests.supervision.acting import winter
from tests.supervision.test_inbox_browser import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CUT = """Array.from(document.querySelectorAll(".scroll-x")).filter(one => one.scrollWidth > one.clientWidth)
  .map(one => one.innerText.slice(0, 40))"""


@pytest.mark.parametrize("width", [1440, 375])
def test_a_paper_is_read_reviewed_and_waits_for_another(county, open_page, live_server, axe, keep, width):
    for _moment in winter(county):
        pass
    row = draft_bulletin(county.hall, Period(PeriodKind.MONTH, date(2026, 12, 1)))
    page = open_page(width=width, height=900)
    enter(page, live_server, county.people["supervisor"])
    for name, address in (
        ("list", "/supervision/bulletins/"),
        ("paper", f"/supervision/bulletins/{row.pk}/"),
        ("ledger", "/ledger/?month=2026-12&below=1"),
        ("ratings", "/supervision/ratings/?tab=all"),
        ("rate", "/supervision/ratings/?rate=satisfaction&of=part"),
        ("callbacks", "/supervision/ratings/callbacks/?figure=done&week=2026-11-30"),
        ("unrated", "/supervision/rows/?figure=ratings_unrated"),
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        keep(page, f"bulletins/{name}-{width}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
        if name == "paper" and width == 1440:  # a desk shows every column of every table
            assert page.evaluate(CUT) == []
    page.goto(f"/supervision/bulletins/{row.pk}/")
    page.get_by_label("情况说明和工作要求").fill("请逐件说明超期原因。")
    page.get_by_role("button", name="审核通过").click()
    expect(page.get_by_text("已审核。请另一位县监察员签发。")).to_be_visible()
    expect(page.get_by_role("button", name="签发", exact=True)).to_have_count(0)
