"""When the granted days of a special procedure are over, the sweep resumes the case: each for itself."""

from datetime import datetime

import pytest

from applications.actions.resume import resume
from applications.domain.lifecycle import Status
from applications.models import Application, Clock, Event
from halls.acting import SYSTEM_USERNAME
from halls.domain.worktime import SHANGHAI
from halls.models import Post
from supervision.actions import sweep as sweeping
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from supervision.selectors import heartbeat
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db


def status_of(case):
    return Application.objects.get(pk=case.pk).status


def test_a_case_sleeps_through_its_last_granted_day_and_wakes_after_it(county):
    case = county.suspended(county.special_matter(days=5))  # Monday 2 March: until Monday the 9th
    at("2026-03-09 23:59")
    assert sweep().resumed == 0
    assert status_of(case) == Status.SUSPENDED
    at("2026-03-10 00:00")
    assert sweep().resumed == 1
    assert status_of(case) == Status.IN_PROGRESS
    event = Event.objects.filter(application=case).latest("seq")
    assert (event.verb, event.user.username) == ("resume", SYSTEM_USERNAME)
    assert sweep().resumed == 0


def test_calendar_days_end_on_a_sunday_too(county):
    case = county.suspended(county.special_matter(days=6, unit="cd"))  # until Sunday the 8th
    at("2026-03-08 23:59")
    assert sweep().resumed == 0
    at("2026-03-09 00:00")
    assert sweep().resumed == 1
    assert status_of(case) == Status.IN_PROGRESS


def test_three_days_late_the_days_behind_the_granted_ones_count_all_the_same(county):
    matter = county.special_matter(days=5)
    prompt, late = county.suspended(matter), county.suspended(matter)
    at("2026-03-10 00:01")
    resume(prompt.pk, actor=county.actor("system"))
    at("2026-03-13 09:00")
    assert sweep().resumed == 1
    assert clock_of(late, "promised").due_at == clock_of(prompt, "promised").due_at


def test_one_case_that_cannot_be_resumed_does_not_stop_the_others_and_is_told(county, monkeypatch):
    matter = county.special_matter(days=5)
    first, bad, last = (county.suspended(matter) for _ in range(3))

    def resume_but_one(case_id, *, actor):
        if case_id == bad.pk:
            raise RuntimeError("broken")
        return resume(case_id, actor=actor)

    monkeypatch.setattr(sweeping, "resume", resume_but_one)
    at("2026-03-10 09:00")
    swept = sweep()
    assert (swept.resumed, swept.failed) == (2, 1)
    assert [status_of(case) for case in (first, bad, last)] == ["in_progress", "suspended", "in_progress"]
    assert heartbeat().failed == 1
    monkeypatch.undo()
    assert sweep().resumed == 1


def test_after_an_outage_they_are_resumed_run_by_run_so_that_the_heart_beats(county, monkeypatch):
    monkeypatch.setattr(sweeping, "RESUMED_AT_ONCE", 2)
    for _ in range(3):
        county.suspended(county.special_matter(days=5))
    at("2026-03-10 00:00")
    assert [sweep().resumed for _ in range(3)] == [2, 1, 0]


def test_without_the_system_s_post_nobody_is_resumed_and_the_heartbeat_says_so(county):
    county.suspended(county.special_matter(days=5))
    Post.objects.filter(user__username=SYSTEM_USERNAME).delete()
    at("2026-03-10 09:00")
    swept = sweep()
    assert (swept.resumed, swept.failed) == (0, 1)
    assert swept.claimed > 0


def test_the_clock_of_the_procedure_runs_on_until_the_organ_is_done(county):
    case = county.suspended(county.special_matter(days=5))
    at("2026-03-10 09:00")
    sweep()
    special = clock_of(case, "special")
    assert special.state == Clock.State.RUNNING
    assert special.due_at == datetime(2026, 3, 9, 23, 59, 59, tzinfo=SHANGHAI)


def test_a_case_that_a_person_resumed_is_not_resumed_again(county):
    case = county.suspended(county.special_matter(days=5))
    at("2026-03-04 09:00")
    resume(case.pk, actor=county.actor("examiner0"))
    at("2026-03-20 09:00")
    assert (sweep().resumed, sweep().failed) == (0, 0)


def test_a_case_resumed_late_gets_the_cards_it_had_earned_in_the_same_run(county):
    case = county.suspended(county.special_matter(days=2, promised=2))
    at("2026-03-27 09:00")
    swept = sweep()
    assert swept.resumed == 1
    levels = (
        LimitWarning.objects.filter(clock=clock_of(case, "promised")).order_by("pk").values_list("level", flat=True)
    )
    assert list(levels) == ["warning", "yellow", "red"]
    assert sweep().claimed == 0
