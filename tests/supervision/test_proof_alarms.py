"""The alarm of the nightly proof: what disagrees, since when, what to do, and that nobody proved."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from halls.domain.worktime import SHANGHAI
from supervision.actions.sweep import sweep
from supervision.models import ProofRun
from tests.supervision.calendar_pages import text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def watching(busy):
    """The busy county after a sweep, and a logged-in county supervisor."""
    sweep()
    return visitor(busy, "supervisor")


def test_differences_of_the_nightly_proof_are_told(watching):
    now = datetime(2026, 3, 12, 2, 30, tzinfo=SHANGHAI)
    ProofRun.objects.create(started_at=now, finished_at=now, cases=9, clocks=40, differences=0)
    assert "40 个时限无不符" in text_of(watching.get(reverse("supervision")))
    found = [{"number": "1", "clock": "step", "clock_id": 1, "field": "due_at", "stored": "a", "proved": "b"}]
    later = now + timedelta(hours=1)
    ProofRun.objects.create(started_at=later, finished_at=later, cases=9, clocks=40, differences=2, found=found)
    shown = text_of(watching.get(reverse("supervision")))
    assert "发现 2 处日期、灯或红黄牌与事实不符（到期日 1 处）" in shown
    assert "一直有" not in shown
    clean = later + timedelta(hours=1)
    ProofRun.objects.create(started_at=clean, finished_at=clean, cases=9, clocks=40, differences=0)
    assert "发现 2 处日期、灯或红黄牌与事实不符" in text_of(watching.get(reverse("supervision"))), "said for a day"
    runs = text_of(watching.get(reverse("supervision_runs")))
    assert "环节时限的到期日存的是a，按事实应为b。" in runs
    assert "due_at" not in runs
    assert "依次做" not in runs  # the last one was clean


def test_a_difference_is_told_with_the_night_since_which_it_is_found_and_what_to_do(watching):
    first = datetime(2026, 3, 10, 2, 30, tzinfo=SHANGHAI)
    found = [
        {
            "number": "1",
            "clock": "promised",
            "clock_id": 1,
            "field": "card red",
            "stored": "None",
            "proved": f"{first}",
        },
        {"number": "1", "clock": "", "clock_id": None, "field": "light", "stored": "green", "proved": "red"},
    ]
    for night, listed in enumerate(([], found, found)):
        at = first + timedelta(days=night)
        ProofRun.objects.create(started_at=at, finished_at=at, differences=len(listed), found=listed)
    shown = text_of(watching.get(reverse("supervision")))
    assert "夜间核对（3月12日 02:30）发现 2 处" in shown
    assert "预警或红黄牌 1 处、灯 1 处" in shown
    assert "自 3月11日 02:30 的核对起一直有" in shown
    runs = text_of(watching.get(reverse("supervision_runs")))
    assert "承诺时限2026年03月10日 02:30就该登记红牌，没有登记。" in runs
    assert "灯存的是绿灯，按事实应为红灯。" in runs
    for step in ("依次做", "verify_ledger", "巡检是不是停了", "settle_calendar --again", "prove_lights"):
        assert step in runs


def test_a_proof_of_long_ago_is_an_alarm_that_says_since_when_and_what_to_do(watching):
    at_night = datetime(2026, 3, 11, 2, 30, tzinfo=SHANGHAI)
    ProofRun.objects.create(started_at=at_night, finished_at=at_night)
    shown = text_of(watching.get(reverse("supervision")))
    assert "上次夜间核对是 3月11日 02:30，此后一直没有再做" in shown
    assert "manage.py prove_lights" in shown
    tonight = at_night + timedelta(days=1)
    ProofRun.objects.create(started_at=tonight, finished_at=tonight)
    assert "此后一直没有再做" not in text_of(watching.get(reverse("supervision")))
