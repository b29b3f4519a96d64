"""The statistics in a real Chromium: tables first, charts beside them, by keyboard, large, printed, without scripts."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from halls.models import User
from tests.supervision.county import settle_clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHARTS = 4


@pytest.fixture
def watched(lasting_busy, transactional_db):
    """The busy county at this moment, for every connection: the server answers on some of its own."""
    freeze("2026-03-12 10:00:30")
    yield lasting_busy
    settle_clock()


def freeze(moment):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE "
            f"AS $$ SELECT '{moment}+08'::timestamptz $$"
        )


def enter(page, live_server, person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def scroll_through(page):
    """Bring every chart near, so that it is drawn."""
    for number in range(CHARTS):
        page.locator(".chart").nth(number).scroll_into_view_if_needed()
    expect(page.locator(".chart[data-drawn=yes]")).to_have_count(CHARTS)
    page.wait_for_function(INKED, arg=CHARTS)


# So many canvases have something on them.
INKED = """number => Array.from(document.querySelectorAll(".chart canvas")).filter(canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, place) => place % 4 === 3 && value > 0);
}).length === number"""


@pytest.mark.parametrize(("width", "elder"), [(1440, False), (375, False), (1440, True)])
def test_the_page_is_fit_for_people(watched, open_page, live_server, axe, keep, width, elder):
    page = open_page(width=width, height=900)
    enter(page, live_server, watched.people["supervisor"])
    if elder:
        page.context.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    page.goto(reverse("supervision_statistics"))
    scroll_through(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    keep(page, f"statistics/{width}{'-elder' if elder else ''}")
    page.locator(".with-chart").nth(2).screenshot(path=f".local/artifacts/statistics/level-{width}{elder}.png")
    page.locator(".with-chart").nth(0).screenshot(path=f".local/artifacts/statistics/flow-{width}{elder}.png")
    page.goto(reverse("supervision_rows") + "?figure=township")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("width", [1440, 375])
def test_an_earlier_month_is_chosen_without_scripts(watched, open_page, live_server, axe, keep, width):
    page = open_page(width=width, height=900, java_script_enabled=False)
    enter(page, live_server, watched.people["supervisor"])
    page.goto(reverse("supervision_statistics"))
    page.get_by_label("看哪个月").fill("2026-02")
    page.get_by_role("button", name="看这个月").click()
    expect(page.locator("#rate-title")).to_have_text("2026年2月办结和到期的办件")
    expect(page.locator("#flow-table tbody tr")).to_have_count(28)
    page.locator(".tile-link", has_text="收件").first.click()
    page.wait_for_url("**figure=received_month**month=2026-02**")
    watching = open_page(width=width, height=900)
    enter(watching, live_server, watched.people["supervisor"])
    for address in (
        f"{reverse('supervision_statistics')}?month=2026-02",
        f"{reverse('supervision_cards_ranking')}?month=2026-02",
    ):
        watching.goto(address)
        assert axe(watching) == []
        assert watching.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    tallest = "Math.max(...Array.from(document.querySelectorAll('.defined tr'), one => one.offsetHeight))"
    watching.goto(f"{reverse('supervision_statistics')}?month=2026-02")
    assert watching.evaluate(tallest) < 160  # no definition is squeezed into a column of single characters
    keep(watching, f"statistics/month-{width}")


def test_a_table_stands_before_its_chart_and_both_are_reached_by_keyboard(watched, open_page, live_server):
    page = open_page()
    enter(page, live_server, watched.people["supervisor"])
    page.goto(reverse("supervision_statistics"))
    scroll_through(page)
    charts = page.locator(".chart").evaluate_all(
        "all => all.map(one => [one.getAttribute('role'), one.tabIndex, one.getAttribute('aria-label'),"
        " !!(document.getElementById(one.dataset.chartOf).compareDocumentPosition(one) & 4),"
        " !!one.querySelector('canvas')])"
    )
    assert len(charts) == CHARTS
    for role, tab, label, is_behind, is_drawn in charts:
        assert (role, tab, is_behind, is_drawn) == ("img", 0, True, True)
        assert "数字见前面的表" in label
    page.locator("#age-table a").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.chart") == "bar"
    page.locator("#age-table a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/supervision/cases/?figure=age_0**")


def test_without_scripts_and_without_the_library_every_number_is_there(watched, open_page, live_server, settings):
    settings.CHART_LIBRARY = ""
    for options in ({"java_script_enabled": False}, {}):
        page = open_page(**options)
        enter(page, live_server, watched.people["supervisor"])
        page.goto(reverse("supervision_statistics"))
        expect(page.locator("#flow-table tbody tr")).to_have_count(30)
        expect(page.locator(".chart:visible")).to_have_count(0)


def test_the_board_goes_stale_when_no_answer_comes_and_is_drawn_anew_when_one_does(watched, open_page, live_server):
    page = open_page()
    page.clock.install()
    enter(page, live_server, watched.people["supervisor"])
    page.goto(reverse("supervision_statistics"))
    expect(page.locator("[data-poll-stale]")).to_be_hidden()
    page.context.set_offline(True)
    for _minute in range(5):
        page.clock.run_for(61_000)
    expect(page.locator("[data-poll-stale]")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(61_000)
    expect(page.locator("[data-poll-stale]")).to_be_hidden()
    page.locator(".chart").first.scroll_into_view_if_needed()
    page.clock.run_for(1000)
    expect(page.locator(".chart[data-drawn=yes]").first).to_be_visible()


def test_a_dead_sweep_is_shouted_instead_of_green_numbers(watched, open_page, live_server, keep):
    freeze("2026-03-12 12:00")
    page = open_page()
    enter(page, live_server, watched.people["supervisor"])
    for name in ("supervision", "supervision_statistics"):
        page.goto(reverse(name))
        expect(page.get_by_text("巡检已停").first).to_be_visible()
        keep(page, f"statistics/dead-{name}")
    tile = page.locator(".tile", has_text="绿灯").first
    expect(tile).to_contain_text("—")


def test_it_prints_on_paper(watched, open_page, live_server):
    page = open_page()
    enter(page, live_server, watched.people["supervisor"])
    page.goto(reverse("supervision_statistics"))
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".chart[data-drawn=yes]")).to_have_count(CHARTS)
    tall = page.locator(".with-chart .tall").first
    assert tall.evaluate("table => table.scrollHeight <= table.clientHeight + 1")
    assert len(page.pdf()) > 20_000
