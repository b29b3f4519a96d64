"""Supervision on a phone, without scripts: every way is in sight, and no sentence is squeezed into a column."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from halls.models import User
from supervision.actions.sweep import sweep
from tests.supervision.county import at
from tests.supervision.ordering import issue
from tests.supervision.rating import bad
from tests.supervision.voices import lodged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH = 375
OUT_OF_SIGHT = """links => links.filter(link => {
  const box = link.getBoundingClientRect(), strip = link.closest('ul').getBoundingClientRect();
  return box.left < 0 || box.right > innerWidth || box.right > strip.right + 1 || box.width < 20;
}).map(link => link.textContent.trim())"""


@pytest.fixture
def at_work(county):
    case = county.accepted(county.matter(promised=2))
    bad(county)
    issue(county, case=case.number)
    lodged(county.villages[0])
    at("2026-03-20 09:00")
    sweep()
    return county


def enter(page, live_server, person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def test_every_entry_of_the_menu_and_every_tab_is_in_sight(at_work, open_page, live_server):
    page = open_page(width=WIDTH, java_script_enabled=False)
    for who, name in (("supervisor", "orders"), ("supervisor", "ratings"), ("clerk0", "voice_list")):
        enter(page, live_server, at_work.people[who])
        page.goto(reverse(name))
        assert page.locator(".rail a").count() > 8
        for strip in (".rail a", ".tabs a"):
            assert page.locator(strip).evaluate_all(OUT_OF_SIGHT) == [], (who, name, strip)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [WIDTH, 1440])
def test_the_lists_and_figures_are_fit_for_people(at_work, open_page, live_server, axe, keep, width):
    page = open_page(width=width, height=812)
    enter(page, live_server, at_work.people["supervisor"])
    for name, query in (
        ("supervision_statistics", ""),
        ("supervision_rows", "?figure=voices_open&scope=watch"),
        ("supervision_warnings", ""),
        ("defaults_accountability", ""),
        ("callbacks", ""),
        ("voice_list", "?tab=all"),
        ("ratings", "?tab=all"),
        ("ledger", "?month=2026-03"),
    ):
        page.goto(reverse(name) + query)
        keep(page, f"lists/{name}-{width}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        for column in page.locator(".rates td:last-child").all():
            box = column.bounding_box()
            assert box is not None
            assert box["width"] > 240, name  # the sentence that defines a number


def test_a_line_of_the_ledger_leads_to_its_case(at_work, open_page, live_server):
    page = open_page(width=WIDTH, java_script_enabled=False)
    enter(page, live_server, at_work.people["supervisor"])
    page.goto(reverse("ledger") + "?month=2026-03")
    page.locator(".ledger .c-number a").first.click()
    page.wait_for_url("**/cases/*/")
