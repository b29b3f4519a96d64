"""Statistics, bulletins and ledgers in a real Chromium, at the width of a desk and of a phone."""

from datetime import date

import pytest
from playwright.sync_api import expect

from supervision.actions.draft_bulletin import draft_bulletin
from supervision.domain.periods import Period, PeriodKind
from tests.supervision.conftest import make_busy
from tests.supervision.county import at
from tests.supervision.test_inbox_browser import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 375])
def test_a_paper_is_read_reviewed_and_waits_for_another(county, open_page, live_server, axe, keep, width):
    make_busy(county)
    at("2026-04-01 06:00")
    row = draft_bulletin(county.hall, Period(PeriodKind.MONTH, date(2026, 3, 1)))
    page = open_page(width=width, height=900)
    enter(page, live_server, county.people["supervisor"])
    for name, address in (
        ("list", "/supervision/bulletins/"),
        ("paper", f"/supervision/bulletins/{row.pk}/"),
        ("ledger", "/ledger/?month=2026-03&below=1"),
    ):
        page.goto(address)
        keep(page, f"bulletins/{name}-{width}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
    page.goto(f"/supervision/bulletins/{row.pk}/")
    page.get_by_label("情况说明和工作要求").fill("请逐件说明超期原因。")
    page.get_by_role("button", name="审核通过").click()
    expect(page.get_by_text("已审核。请另一位县监察员签发。")).to_be_visible()
    expect(page.get_by_role("button", name="签发", exact=True)).to_have_count(0)
