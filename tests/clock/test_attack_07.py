"""C07: the clock of the database's host is turned back."""

import time
from datetime import timedelta

import pytest
from django.db import connection

from applications.models import Event
from supervision.actions import _second_clock
from supervision.actions import sweep as sweeping
from supervision.actions.sweep import sweep
from supervision.models import SweepRun
from tests.clock.attack import shown
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
TURNED_BACK = "数据库的时钟被往回拨过"


def test_time_in_a_case_never_falls_and_the_event_says_that_the_clock_did(county: County) -> None:
    at("2026-03-05 10:00")
    case = county.accepted(county.matter())
    assert TURNED_BACK not in shown(county)
    at("2026-03-05 09:00")
    county.granted(county.passed_on(case, "examiner0") if case.step_kind == "review" else case)
    times = list(Event.objects.filter(application=case).order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)
    last = Event.objects.filter(application=case).latest("seq")
    assert last.detail["clock_regression"] == 3600
    at("2026-03-05 10:30")
    assert TURNED_BACK in shown(county)


def test_a_sweep_of_a_later_moment_is_noticed(county: County) -> None:
    sweep()
    assert TURNED_BACK not in shown(county)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    SweepRun.objects.update(finished_at=now + timedelta(hours=1))
    assert TURNED_BACK in shown(county)


def test_the_sweep_counts_the_seconds_itself(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_SECOND_CLOCK", _second_clock.SecondClock())
    sweep()
    passed = _second_clock.seconds_since_boot()
    monkeypatch.setattr(_second_clock, "seconds_since_boot", lambda: passed + 3600)
    sweep()
    run = SweepRun.objects.latest("pk")
    assert run.clock_jump_seconds is not None
    assert -3605 < run.clock_jump_seconds < -3595
    assert "数据库的时钟在两次巡检之间跳了 -36" in shown(county)


def test_the_sweep_compares_the_two_servers(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 900)
    sweep()
    gap = SweepRun.objects.latest("pk").clock_gap_seconds
    assert gap is not None
    assert -905 < gap < -895
    assert "数据库服务器和应用服务器的时钟相差 9" in shown(county) or "相差 89" in shown(county)
