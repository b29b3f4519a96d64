"""The sweep: each rung once, in order, with the moment it was reached, however late or often it runs."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from applications.models import Clock
from halls.domain.worktime import SHANGHAI
from supervision import tasks
from supervision.actions import sweep as sweeping
from supervision.actions._claim import _CLAIM, BATCH_SIZE, LATE_AFTER_MINUTES, claim_batch
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning, SweepRun
from tests.supervision.county import at, clock_of
from tests.supervision.test_defaults_plan import fill

pytestmark = pytest.mark.django_db


def claims():
    """What was claimed, without the moments of finding."""
    columns = ("clock_id", "level", "arming", "clock_kind", "step_seq", "seat_path", "effective_at")
    return list(LimitWarning.objects.order_by("clock_id", "effective_at", "pk").values_list(*columns))


def levels_of(clock):
    return list(LimitWarning.objects.filter(clock=clock).order_by("pk").values_list("level", flat=True))


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class UndoError(Exception):
    pass


def rows_after(*moments, batch_size=2000):
    """What sweeps at these moments would have written; afterwards nothing has happened."""
    try:
        with transaction.atomic():
            for moment in moments:
                at(moment)
                sweep(batch_size=batch_size)
            found = claims()
            raise UndoError
    except UndoError:
        return found


def test_nothing_is_due_so_only_the_heartbeat_is_written(county):
    county.accepted(county.matter())
    swept = sweep()
    assert (swept.scanned, swept.claimed, swept.resumed, swept.lag_seconds) == (0, 0, 0, 0)
    run = SweepRun.objects.get()
    assert run.finished_at is not None
    assert run.finished_at >= run.started_at
    assert not LimitWarning.objects.exists()


def test_each_rung_is_claimed_when_it_is_reached_and_not_before(county):
    promised = clock_of(county.accepted(county.matter(promised=5)), "promised")
    for moment, expected in [
        ("2026-03-04 23:59", []),
        ("2026-03-05 00:01", ["warning"]),  # two working days left: Friday and Monday
        ("2026-03-09 23:59", ["warning"]),  # due today is not overdue
        ("2026-03-10 00:01", ["warning", "yellow"]),
        ("2026-03-12 23:59", ["warning", "yellow"]),
        ("2026-03-13 00:01", ["warning", "yellow", "red"]),
    ]:
        at(moment)
        sweep()
        assert levels_of(promised) == expected, moment


def test_a_row_says_when_the_rung_was_reached_when_it_was_found_and_whether_that_was_late(county):
    case = county.accepted(county.matter(promised=5))
    at("2026-03-05 00:01")
    sweep()
    at("2026-03-10 09:30")
    swept = sweep()
    warning = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="warning")
    assert warning.effective_at == shanghai("2026-03-05 00:00")
    assert warning.recorded_at == shanghai("2026-03-05 00:01")
    assert not warning.is_late
    yellow = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")
    assert yellow.effective_at == shanghai("2026-03-09 23:59:59")
    assert yellow.recorded_at == shanghai("2026-03-10 09:30")
    assert yellow.is_late
    assert yellow.application_id == case.pk
    assert swept.lag_seconds >= 9.5 * 3600


def test_sweeping_twice_writes_nothing_new(county):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    first = sweep()
    found = claims()
    again = sweep()
    assert first.claimed == len(found) > 0
    assert (again.scanned, again.claimed) == (0, 0)
    assert claims() == found


def test_a_clock_that_is_derived_anew_is_looked_at_again_and_claimed_once(county):
    promised = clock_of(county.accepted(county.matter(promised=2)), "promised")
    at("2026-03-20 09:00")
    sweep()
    before = claims()
    Clock.objects.filter(pk=promised.pk).update(next_action_at=promised.warn_at)
    again = sweep()
    assert (again.scanned, again.claimed, again.lag_seconds) == (1, 0, 0)
    assert claims() == before


def test_trap_4_what_finished_late_stays_late_even_if_no_sweep_saw_it_running(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-05 15:00")  # due on the 4th
    county.granted(case)
    assert clock_of(case, "promised").state == Clock.State.STOPPED
    at("2026-03-09 09:00")
    sweep()
    assert levels_of(clock_of(case, "promised")) == ["warning", "yellow"]


def test_trap_4_what_finished_in_time_never_turns_red_later(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-04 15:00")
    county.granted(case)
    at("2026-06-01 09:00")
    sweep()
    assert levels_of(clock_of(case, "promised")) == ["warning"]


def test_a_rung_behind_the_stop_was_never_reached(county):
    case = county.accepted(county.matter(promised=2))
    promised = clock_of(case, "promised")
    at("2026-03-05 15:00")
    county.granted(case)
    at("2026-12-01 09:00")
    sweep()
    assert promised.red_at < shanghai("2026-12-01 09:00")
    assert "red" not in levels_of(promised)


def test_a_paused_clock_earns_nothing_while_it_stands_still(county):
    case = county.suspended(county.special_matter(days=20, promised=4))
    promised = clock_of(case, "promised")
    assert promised.state == Clock.State.PAUSED
    at("2026-03-27 09:00")
    sweep()
    assert levels_of(promised) == []


def test_trap_6_back_at_the_same_step_its_warnings_are_armed_anew(county):
    desk = [{"kind": "accept"}, {"kind": "review", "days": 2}, {"kind": "decide", "days": 9}]
    case = county.accepted(county.matter(promised=12, steps=desk))
    first = clock_of(case, "step")
    at("2026-03-10 09:00")
    sweep()
    assert "yellow" in levels_of(first)
    county.passed_on(case, "examiner0")
    county.stepped_back(case, "approver0")
    second = clock_of(case, "step")
    assert second.pk != first.pk
    assert second.step_seq == first.step_seq
    at("2026-03-20 09:00")
    sweep()
    assert levels_of(second) == levels_of(first)


def test_trap_11_three_days_late_writes_the_same_rows_as_every_hour(county):
    county.accepted(county.matter(promised=2))
    county.accepted(county.bureau_matter(), place=1)
    county.filed(county.matter())
    hours = [shanghai("2026-03-02 10:30") + timedelta(hours=n) for n in range(24 * 18)]
    each_hour = rows_after(*(f"{hour:%Y-%m-%d %H:%M}" for hour in hours))
    late = rows_after("2026-03-05 10:30", f"{hours[-1]:%Y-%m-%d %H:%M}")
    only_once = rows_after(f"{hours[-1]:%Y-%m-%d %H:%M}")
    assert each_hour == late == only_once
    assert len(each_hour) > 8


def test_trap_11_a_run_that_dies_keeps_what_it_claimed_and_the_next_one_does_the_rest(county, monkeypatch):
    for _ in range(3):
        county.accepted(county.matter(promised=2))
    whole = rows_after("2026-03-20 09:00")
    calls = []

    def dies(size):
        calls.append(size)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return claim_batch(size)

    monkeypatch.setattr(sweeping, "claim_batch", dies)
    at("2026-03-20 09:00")
    with pytest.raises(KeyboardInterrupt):
        sweep(batch_size=2)
    assert 0 < LimitWarning.objects.count() < len(whole)
    assert SweepRun.objects.get().finished_at is None
    monkeypatch.undo()
    sweep(batch_size=2)
    assert claims() == whole


def test_trap_12_clocks_with_nothing_to_claim_do_not_keep_the_others_waiting(county):
    for _ in range(4):
        county.accepted(county.matter(promised=60))
    blockers = Clock.objects.filter(kind__in=("promised", "step"))
    blockers.update(next_action_at=shanghai("2026-03-01 00:00"))
    late = clock_of(county.accepted(county.matter(promised=1)), "promised")
    at("2026-03-05 09:00")
    swept = sweep(batch_size=2)
    assert levels_of(late) == ["warning", "yellow"]
    assert swept.scanned == blockers.count() == 10
    assert not Clock.objects.filter(next_action_at__lt=shanghai("2026-03-05 09:00")).exists()


@pytest.mark.parametrize("batch_size", [1, 3, 2000])
def test_trap_12_the_size_of_a_batch_changes_nothing(county, batch_size):
    for place in (0, 1, 0):
        county.accepted(county.matter(promised=3), place)
    assert rows_after("2026-03-25 09:00", batch_size=batch_size) == rows_after("2026-03-25 09:00")


def test_trap_13_thresholds_are_the_case_s_own(county):
    short = clock_of(county.accepted(county.matter(promised=2)), "promised")
    long = clock_of(county.accepted(county.matter(promised=40)), "promised")
    at("2026-03-05 09:00")
    sweep()
    assert levels_of(short) == ["warning", "yellow"]
    assert levels_of(long) == []


def test_trap_21_a_day_ends_at_midnight_in_shanghai_whatever_zone_the_session_is_in(county):
    clock = clock_of(county.accepted(county.matter(promised=5)), "promised")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'America/New_York'")
    at("2026-03-09 23:59")  # 15:59 UTC
    sweep()
    assert levels_of(clock) == ["warning"]
    at("2026-03-10 00:00")  # 16:00 UTC, the day before there
    sweep()
    assert levels_of(clock) == ["warning", "yellow"]


def test_trap_22_finished_clocks_cost_the_sweep_nothing(county):
    fill(county.delivered(county.granted(county.accepted(county.matter()))))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {_CLAIM}", {"size": BATCH_SIZE, "late_after": LATE_AFTER_MINUTES})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using clock_next_action on applications_clock c " in plan
    assert "Seq Scan on applications_clock c " not in plan  # c: where what is due is looked for


def test_rungs_are_written_in_the_order_in_which_they_were_reached(county):
    for place in (0, 1):
        county.accepted(county.matter(promised=2), place)
    county.accepted(county.matter(promised=4))
    at("2026-04-30 09:00")
    sweep()
    moments = list(LimitWarning.objects.order_by("pk").values_list("effective_at", flat=True))
    assert moments == sorted(moments)


def test_one_batch_is_one_statement(county, django_assert_num_queries):
    for _ in range(3):
        county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    with django_assert_num_queries(1):
        batch = claim_batch()
    assert batch.claimed > 3


def test_an_idle_run_costs_three_statements(county, django_assert_num_queries):
    county.accepted(county.matter(promised=5))
    sweep()  # the second clock of this process last saw the time of another test
    with django_assert_num_queries(3):  # begin and ask what is due, who has slept long enough, end
        sweep()


# A batch of the teller: a transaction (2), the moment, the queue, the ladder, who is at work (2) and who deputises, the
# names of the organs, what was told before, the messages, whom a text reaches, what leaves the queue.
TELLING = 13


def test_a_run_with_something_due_costs_one_more_for_each_batch(county, django_assert_num_queries):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    with django_assert_num_queries(4 + TELLING):
        assert sweep().claimed > 0


def test_the_application_s_own_role_may_sweep(county):
    county.accepted(county.matter(promised=2))
    county.suspended(county.special_matter(days=1))
    call_command("secure_database", verbosity=0)
    at("2026-03-20 09:00")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE halls_app")
    swept = sweep()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert swept.claimed > 0
    assert (swept.resumed, swept.failed) == (1, 0)


def test_old_runs_are_forgotten_after_a_week(county):
    for day in (1, 2, 8, 9):
        at(f"2026-03-{day:02d} 10:00")
        sweep()
    kept = {run.started_at.astimezone(SHANGHAI).day for run in SweepRun.objects.all()}
    assert kept == {2, 8, 9}


def test_the_command_prints_what_it_did(county, capsys):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    call_command("sweep", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"started", "finished", "scanned", "claimed", "resumed", "defaulted", "lag_seconds"}
    assert printed["claimed"] == LimitWarning.objects.count() > 0
    call_command("sweep")
    assert "新记 0 条" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("sweep", "--batch-size", "0")


def test_the_task_drains(county):
    county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    tasks.sweep()
    assert LimitWarning.objects.exists()
    assert SweepRun.objects.filter(finished_at__isnull=False).count() == 1
