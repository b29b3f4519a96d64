"""The pages of timeout defaults in a real Chromium: nothing for axe to say, nothing wider than the screen."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.models import User
from matters.actions.publish_policy import Proposal, propose_policy
from supervision.actions.brake import release_brake
from supervision.actions.sweep import sweep
from supervision.models import Accountability, SweepRun
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.test_defaults import BASIS, publish, renewal_matter
from tests.supervision.test_defaults_renewal import pass_the_permit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def followed(county):
    """A policy of each kind, a renewal that waits, accounts, and a brake that is on again after a release."""
    consent, renewal = county.bureau_matter(), renewal_matter(county)
    publish(county, consent, place="step", policy="deemed_consent", step=2)
    publish(county, renewal, place="renewal", policy="deemed_renew")
    said = {"matter_code": consent.code, "effective_on": date(2027, 1, 4), **BASIS}
    first = acting_user(person_in_post(PostKind.ADMINISTRATOR, county.hall))
    county.proposed = propose_policy(
        Proposal(place="supplement", policy="deemed_withdraw", **said), actor=first, reason="常务会议定"
    )
    county.permit_end = date(2026, 3, 9)
    county.accepted(renewal)
    county.accepted(consent)
    pass_the_permit("2026-03-09", "2026-03-10")
    sweep()
    county.received(county.matter(name="一项名称很长很长的示例登记事项"))
    at("2026-03-16 16:00")
    SweepRun.objects.all().delete()
    SweepRun.objects.create(started_at=at("2026-03-10 09:00"), finished_at=at("2026-03-10 09:00"))
    at("2026-03-18 10:00")
    sweep()
    release_brake(actor=county.actor("supervisor"), reason="机房断电，已查明原因")
    sweep()
    county.received(county.matter())
    at("2026-03-26 10:00")
    sweep()
    return county


def enter(page, live_server, person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("width", [1440, 375])
def test_the_pages_are_fit_for_people(followed, open_page, live_server, axe, keep, width):
    page = open_page(width=width, height=900)
    account = Accountability.objects.get(act="deemed_renew")
    matter = followed.proposed.matter
    for who, name, address in (
        ("supervisor", "policies", reverse("defaults")),
        ("supervisor", "policy", reverse("defaults_policy", args=[followed.proposed.pk])),
        ("supervisor", "choose", reverse("defaults_propose")),
        ("supervisor", "propose", f"{reverse('defaults_propose')}?matter={matter.code}"),
        ("supervisor", "accountability", reverse("defaults_accountability")),
        ("supervisor", "brake", reverse("defaults_brake")),
        ("approver0", "releases", reverse("defaults_releases")),
        ("approver0", "release", reverse("defaults_release", args=[account.pk])),
        ("approver0", "guide", reverse("guide", args=[matter.code])),
    ):
        enter(page, live_server, followed.people[who])
        page.goto(address)
        keep(page, f"defaults/{name}-{width}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
        heights = page.locator("main button, main .actions a, main .btn").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert width > 375 or not heights or min(heights) >= 44, name


def test_a_policy_is_proposed_by_keyboard(followed, open_page, live_server):
    page = open_page()
    enter(page, live_server, followed.people["supervisor"])
    page.goto(f"{reverse('defaults_propose')}?matter={followed.proposed.matter.code}")
    page.get_by_role("button", name="提出，等另一人确认").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("申请人补正").press("Space")
    page.get_by_label("逾期报上一级处理").press("Space")
    for label, words in (
        ("依据的法律文件", "示例县办法"),
        ("条款", "第九条"),
        ("本县公布文件文号", "示府发〔2027〕1号"),
    ):
        page.get_by_label(label).fill(words)
    page.get_by_label("施行日期").fill("2027-01-05")
    page.get_by_label("理由").fill("常务会议定")
    page.get_by_role("button", name="提出，等另一人确认").press("Enter")
    expect(page.get_by_text("待另一人确认")).to_be_visible()
