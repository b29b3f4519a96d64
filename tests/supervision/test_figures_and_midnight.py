"""Trap 21: days, weeks and months of the figures end at midnight in Shanghai, wherever the server stands."""

from datetime import datetime, timedelta

import pytest

from applications.models import Application
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import read_moment
from supervision.figures import Present
from supervision.selectors import dashboard
from tests.factories.tampering import unguarded
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "today", "week"),
    [
        ("2026-03-04 00:00", 1, 1),  # Wednesday, the first moment of the due day
        ("2026-03-04 23:59", 1, 1),
        ("2026-03-05 00:00", 0, 0),  # over since a second
        ("2026-03-03 23:59", 0, 1),
        ("2026-03-01 23:59", 0, 0),  # Sunday: next week is another week
    ],
)
def test_trap_21_today_and_this_week_end_at_midnight_in_shanghai(county, moment, today, week):
    at("2026-02-28 10:00")  # a make-up Saturday
    case = county.accepted(county.matter(promised=3))
    due_at = clock_of(case, "promised").due_at
    assert due_at == datetime(2026, 3, 4, 23, 59, 59, tzinfo=SHANGHAI)
    with unguarded():
        Application.objects.filter(pk=case.pk).update(late_at=due_at)
    at(moment)
    counted = dashboard.counts(county.actor("supervisor"), Present.at(read_moment().at))
    assert (counted["due_today"], counted["due_week"]) == (today, week)


@pytest.mark.parametrize(
    ("moment", "month", "next_month"),
    [
        ("2026-02-28 23:59:59", "2026-02-01", "2026-03-01"),
        ("2026-03-01 00:00:00", "2026-03-01", "2026-04-01"),
        ("2026-12-31 23:59:59", "2026-12-01", "2027-01-01"),
    ],
)
def test_trap_21_a_month_turns_at_midnight_in_shanghai(moment, month, next_month):
    now = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    present = Present.at(now)
    assert f"{present.month:%Y-%m-%d %H:%M %z}" == f"{month} 00:00 +0800"
    assert f"{present.next_month:%Y-%m-%d %H:%M %z}" == f"{next_month} 00:00 +0800"
    assert present.tomorrow - now <= timedelta(days=1)
    assert present.next_week.weekday() == 0
