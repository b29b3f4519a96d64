"""Orders and urges in a real Chromium: nothing for axe to say, nothing wider than the screen, by keyboard."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from halls.models import User
from supervision.actions.sweep import sweep
from supervision.actions.urge import urge
from supervision.models import LimitWarning
from tests.factories.cases import a_picture
from tests.supervision.county import at
from tests.supervision.ordering import issue, reply, send_back

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ordered(county):
    """Orders about a card and about a matter, one replied, one sent back, one late; a case that was urged."""
    case = county.accepted(county.matter(promised=2, name="一项名称很长很长的示例登记事项"))
    county.replied = issue(county, county.bureau, title="窗口上午无人值守，群众等候超过一小时")
    reply(county, county.replied, by="bureau_approver", papers=[("现场.png", a_picture())])
    county.back = issue(county)
    reply(county, county.back)
    send_back(county, county.back)
    at("2026-03-12 10:00")
    sweep()
    county.card = LimitWarning.objects.filter(application=case, level="yellow").latest("pk")
    issue(county, card=county.card.pk)
    county.urge = urge(case.number, actor=county.actor("supervisor"), reason="已超期，请立即办理")
    county.case = case
    return county


def enter(page, live_server, person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("width", [1440, 375])
def test_the_pages_are_fit_for_people(ordered, open_page, live_server, axe, keep, width):
    page = open_page(width=width, height=900)
    replied, case = ordered.replied.pk, ordered.case.number
    for who, name, address in (
        ("supervisor", "list", reverse("orders")),
        ("supervisor", "closed", f"{reverse('orders')}?box=closed"),
        ("supervisor", "order", reverse("order", args=[replied])),
        ("supervisor", "new", reverse("order_new")),
        ("supervisor", "of-card", f"{reverse('order_new')}?card={ordered.card.pk}"),
        ("supervisor", "accept", reverse("order_act", args=[replied, "accept"])),
        ("supervisor", "notice", reverse("order_paper", args=[replied, "notice"])),
        ("supervisor", "answered", reverse("order_paper", args=[replied, "reply"])),
        ("supervisor", "cases", reverse("supervision_cases")),
        ("supervisor", "warnings", reverse("supervision_warnings")),
        ("supervisor", "record", f"{reverse('case', args=[case])}?tab=record"),
        ("director0", "reply", reverse("order_reply", args=[ordered.back.pk])),
        ("director0", "urge", reverse("case_urge", args=[case])),
        ("approver0", "urged", reverse("urge", args=[ordered.urge.pk])),
    ):
        enter(page, live_server, ordered.people[who])
        page.goto(address)
        keep(page, f"orders/{name}-{width}")
        assert axe(page) == [], name
        if name not in ("notice", "answered"):  # a sheet of A4 is as wide as paper is
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name


def test_an_order_is_answered_and_closed_by_keyboard_alone(ordered, open_page, live_server):
    page = open_page()
    enter(page, live_server, ordered.people["director0"])
    page.goto(reverse("order", args=[ordered.back.pk]))
    page.get_by_role("link", name="回复", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reply/")
    page.get_by_label("办理情况").focus()
    page.keyboard.type("已补排班表，窗口设AB角。")
    page.get_by_role("button", name="提交回复").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('order', args=[ordered.back.pk])}")
    enter(page, live_server, ordered.people["supervisor"])
    page.goto(reverse("order", args=[ordered.back.pk]))
    page.get_by_role("link", name="核验通过，办结").focus()
    page.keyboard.press("Enter")
    page.get_by_label("核验意见").focus()
    page.keyboard.type("现场核对，已整改。")
    page.get_by_role("button", name="核验通过，办结").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('order', args=[ordered.back.pk])}")
    ordered.back.refresh_from_db()
    assert ordered.back.state == "closed"
