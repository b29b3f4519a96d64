"""The pages of messages in a real Chromium: nothing for axe to say, nothing wider than the screen, by keyboard."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from halls.models import User
from supervision.actions.sweep import sweep
from supervision.actions.tell_people import MovedCase, tell_moved
from supervision.models import Message, Outbox
from tests.supervision.county import at, clock_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def late(county):
    """A case past its promise, its people told, one text that no gateway took."""
    User.objects.filter(pk__in=[person.pk for person in county.people.values()]).update(phone="13900000001")
    case = county.accepted(county.matter(promised=2))
    county.accepted(county.matter(promised=9))
    due_at = clock_of(case, "promised").due_at
    assert due_at is not None
    tell_moved([MovedCase(case.pk, None, due_at.date())], why="日历有变", key="calendar:1")
    at("2026-03-20 09:00")
    sweep()
    Outbox.objects.filter(pk=Outbox.objects.latest("pk").pk).update(state="failed", last_error="TimeoutError")
    Message.objects.filter(pk=Message.objects.order_by("pk")[0].pk).update(read_at=at("2026-03-20 09:00"))
    return county


def enter(page, live_server, person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("width", [1440, 375])
def test_the_pages_are_fit_for_people(late, open_page, live_server, axe, keep, width):
    page = open_page(width=width, height=900)
    enter(page, live_server, late.people["supervisor"])
    digest = Message.objects.get(user=late.people["approver0"], kind="dates_moved")
    for who, name, address in (
        ("supervisor", "outbox", reverse("supervision_outbox")),
        ("supervisor", "inbox", reverse("messages")),
        ("approver0", "phone", reverse("messages_phone")),
        ("approver0", "digest", reverse("message", args=[digest.pk])),
    ):
        enter(page, live_server, late.people[who])
        page.goto(address)
        keep(page, f"messages/{name}-{width}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
        heights = page.locator("main button, main .inbox a, main .actions a").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert heights
        assert width > 375 or min(heights) >= 44, name  # a desk is dense, a phone is touched


def test_a_reminder_is_read_by_keyboard_alone(late, open_page, live_server):
    page = open_page()
    enter(page, live_server, late.people["approver0"])
    page.goto(reverse("messages"))
    unread = page.locator(".inbox .is-unread").count()
    assert unread > 1
    page.locator(".inbox .is-unread a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/*/")
    page.goto(reverse("messages"))
    assert page.locator(".inbox .is-unread").count() == unread - 1
    page.get_by_role("button", name="全部已读").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".inbox .is-unread")).to_have_count(0)
