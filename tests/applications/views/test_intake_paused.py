"""What is paused is marked before anybody chooses it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from halls.models import Hall
from matters.models import HallMatter, Matter
from tests.applications.views._intake_steps import text
from tests.factories.cases import HOMESTEAD
from tests.factories.halls import GAOQIAO

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
DAY = date(2026, 3, 11)
BUTTON = f'name="matter" value="{HOMESTEAD}"'


def found(clerk: Client) -> str:
    return clerk.get(reverse("intake_matters"), {"q": "zjd"}).content.decode()


def test_what_the_hall_paused_is_marked_with_its_reason_and_is_no_button(clerk: Client) -> None:
    assert BUTTON in found(clerk)
    matter, hall = Matter.objects.get(code=HOMESTEAD), Hall.objects.get(code=GAOQIAO)
    HallMatter.objects.create(hall=hall, matter=matter, paused_on=DAY, paused_reason="窗口改造，4 月 1 日恢复")
    page = found(clerk)
    assert BUTTON not in page
    assert "本厅自 2026年3月11日 起暂停办理。窗口改造，4 月 1 日恢复" in page
    assert "窗口改造" in text(clerk.get(reverse("intake"), {"q": "zjd"}))


def test_what_the_county_paused_is_still_found_and_is_no_button(clerk: Client) -> None:
    Matter.objects.filter(code=HOMESTEAD).update(paused_on=DAY, closing_reason="系统升级")
    page = found(clerk)
    assert BUTTON not in page
    assert "全县自 2026年3月11日 起暂停办理。系统升级" in page
