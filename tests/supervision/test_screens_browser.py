"""The screens as they hang: both sizes, large type, three pages in turn, nothing that scrolls."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from supervision.actions.let_screen_in import let_screen_in
from tests.supervision.county import settle_clock
from tests.supervision.test_statistics_browser import freeze

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALLEST = """Math.min(...Array.from(document.querySelectorAll("body *"))
  .filter(one => one.offsetParent && !one.closest(".sr") && Array.from(one.childNodes).some(
    node => node.nodeType === 3 && node.data.trim()))
  .map(one => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.fixture
def hung(lasting_busy, transactional_db):
    freeze("2026-03-12 10:00:30")
    yield lasting_busy
    settle_clock()


FILLED = """() => { const ends = Array.from(document.querySelectorAll(".wall-page"), one => one.getBoundingClientRect())
  .filter(box => box.height); return Math.max(...ends.map(box => box.bottom)) / innerHeight }"""


@pytest.mark.parametrize(
    ("size", "shown"), [((1920, 1080), (1, 2, 3)), ((3840, 1080), (2, 3)), ((3840, 2160), (1, 2, 3))]
)
def test_the_wall_fits_its_screen_and_is_read_from_afar(hung, open_page, axe, keep, size, shown):
    """On a screen of twice the width the numbers stay, and the other two pages take turns beside them."""
    wide, finest = size == (3840, 1080), size[1] // 1080
    token = let_screen_in(hung.hall.code, "wall", actor=hung.actor("supervisor")).token
    page = open_page(*size)
    page.clock.install(time=0)
    page.goto(reverse("screen_open", args=[token]))
    page.wait_for_url("**/wall/")
    for number in shown:
        expect(page.locator(f"[data-page='{number}']")).to_have_count(1)
        expect(page.locator(".wall-page:visible")).to_have_count(2 if wide else 1)
        boxes = page.evaluate(
            """Array.from(document.querySelectorAll(".wall-page"), one => one.getBoundingClientRect().right)"""
        )
        assert max(boxes) > 0.97 * size[0]
        assert page.evaluate(FILLED) > 0.85
        assert page.evaluate(SMALLEST) >= 24 * finest
        assert page.evaluate("document.documentElement.scrollHeight - window.innerHeight") <= 0
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert axe(page) == []
        keep(page, f"wall/{size[0]}x{size[1]}-{number}")
        page.clock.run_for(20_000)
    expect(page.locator(f"[data-page='{shown[0]}']")).to_have_count(1)
    freeze("2026-03-12 12:00")
    page.clock.run_for(31_000)
    expect(page.get_by_text("巡检已停").first).to_be_visible()
    keep(page, f"wall/{size[0]}x{size[1]}-dead")
    page.context.set_offline(True)
    for _turn in range(5):
        page.clock.run_for(31_000)
    expect(page.locator("[data-poll-stale]")).to_be_visible()


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 1080), (3840, 2160)])
def test_the_hall_s_screen_fits_and_names_nobody(hung, open_page, axe, keep, size):
    hall = hung.townships[0]
    token = let_screen_in(hall.code, "hall", actor=hung.actor("supervisor")).token
    page = open_page(*size)
    page.goto(reverse("screen_open", args=[token]))
    expect(page.locator(".wall-table tbody tr")).to_have_count(4)  # three, and one that the sweep woke
    assert page.evaluate(SMALLEST) >= 24 * (size[1] // 1080)
    assert page.evaluate("document.documentElement.scrollHeight - window.innerHeight") <= 0
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(FILLED) > 0.85
    expect(page.get_by_role("heading", name="开放时间")).to_be_visible()
    assert axe(page) == []
    keep(page, f"wall/hall-{size[0]}x{size[1]}")
    assert "王" not in page.inner_text("body")


def test_screens_are_let_in_by_keyboard_on_a_desk_and_a_phone(hung, open_page, live_server, axe, keep):
    from tests.supervision.test_statistics_browser import enter

    for width in (1440, 375):
        page = open_page(width=width)
        enter(page, live_server, hung.people["supervisor"])
        page.goto(reverse("screens"))
        page.select_option("#id_hall", hung.hall.code)
        page.get_by_role("button", name="开通").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("只显示这一次")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        keep(page, f"wall/screens-{width}")
