"""The pages of the work calendar as people use them."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from halls.models import CalendarNotice, User
from tests.supervision.county import County

COUNTY_DAYS = {"year": "2026", "document_no": "示例府发〔2026〕3号", "days": "2026-03-04 放假 县庆"}
PROPOSE, PROPOSE_COUNTY = "calendar_propose", "calendar_propose_county"


def visitor(county: County, role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def proposed(county: County, page: str = PROPOSE_COUNTY, **values) -> CalendarNotice:
    """Rehearse and propose as the administrator, the way the page does it."""
    client, values = visitor(county, "administrator"), values or COUNTY_DAYS
    shown = client.post(reverse(page), values | {"act": "rehearse"})
    assert shown.status_code == 200, text_of(shown)
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', shown.content.decode())
    answer = client.post(reverse(page), values | {"act": "propose", "seen": seen, "reason": "县庆放假"})
    assert answer.status_code == 302
    return CalendarNotice.objects.latest("pk")


def confirm(county: County, notice: CalendarNotice, role: str = "supervisor", **values):
    values = {"act": "confirm", "seen": notice.sha256, "reason": "已核对文件"} | values
    return visitor(county, role).post(reverse("calendar_notice", args=[notice.pk]), values)


def page_of(notice: CalendarNotice) -> str:
    return reverse("calendar_notice", args=[notice.pk])
