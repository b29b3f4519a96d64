"""What the sweep costs: `python3 start.py bench --sweep [--clocks N --due N]`.

The yardstick is one statement written by hand that finds the same clocks, inserts the same rows and moves the same
clocks on, without locks, uniqueness or lateness; both run in turn, in transactions that are rolled back.
"""

from __future__ import annotations

import logging
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
from django.db import connection, transaction
from django.utils import timezone

from applications.actions._clocks import Case
from applications.models import Application, Clock
from bench.verdict import Verdicts, ratio
from halls.selectors.work_calendar import read_moment
from supervision.actions import _claim
from supervision.actions.sweep import _BEGIN, _claim_all, sweep
from supervision.actions.tell import tell

ROUNDS = 11
CATCH_UP_ROUNDS = 5
# What each costs at most, in units of its yardstick (quality.md, P6): a claim of a busy minute, of days, an idle tick.
CLAIM_GOAL, CATCH_UP_GOAL, IDLE_GOAL = 1.3, 1.5, 2.0
MANY = 5_000
KINDS = ("promised", "statutory", "step", "acceptance", "delivery")
INDEX = "clock_next_action"
DAYS_LATE = 3

GUARDED = ("applications_application", "applications_clock")
# Open cases by the thousand, each a copy of one that the real actions made; no chain of events, which no sweep reads.
CASES = """
INSERT INTO applications_application ({columns}) SELECT {values}
FROM applications_application a, generate_series(1, %(cases)s) i WHERE a.id = %(model)s
"""
CLOCKS = """
INSERT INTO applications_clock (application_id, kind, seat_path, amount, unit, carried, is_alone, state, started_at,
  is_provisional, arming, event_seq, due_at, warn_at, yellow_at, red_at, next_action_at)
SELECT a.id, kind, a.seat_path, 20, 'wd', 0, false, 'running', clock_timestamp() - interval '20 days', false, 1, 1,
  warn + interval '2 days', warn, warn + interval '2 days', warn + interval '5 days', warn
FROM applications_application a, unnest(%(kinds)s) WITH ORDINALITY AS k (kind, n),
  LATERAL (SELECT clock_timestamp() + make_interval(mins => ((a.id * 7919 + n * 104729) %% 86400)::int + 300)) w (warn)
WHERE a.number LIKE 'BENCH%%'
"""
# So many of them came due within the last hours.
DUE = """
UPDATE applications_clock c SET warn_at = d.at, next_action_at = d.at
FROM (SELECT id, clock_timestamp() - make_interval(secs => 60 + random() * %(seconds)s) AS at
      FROM applications_clock WHERE state = 'running' AND next_action_at > clock_timestamp() ORDER BY random()
      LIMIT %(due)s) d
WHERE c.id = d.id
"""
RAW_CLAIMED = """
claimed AS (
  INSERT INTO supervision_limitwarning (clock_id, application_id, level, arming, clock_kind, step_seq, seat_path,
    effective_at, recorded_at, is_late)
  SELECT c.id, c.application_id, 'warning', c.arming, c.kind, c.step_seq, c.seat_path, c.warn_at, now(), false
  FROM applications_clock c WHERE c.next_action_at < now()
  RETURNING id)
"""
RAW_INSERT = f"WITH {RAW_CLAIMED} SELECT id FROM claimed"
RAW = f"""
WITH due AS (SELECT id, yellow_at FROM applications_clock WHERE next_action_at < now()),
moved AS (UPDATE applications_clock c SET next_action_at = due.yellow_at FROM due WHERE c.id = due.id),
{RAW_CLAIMED} SELECT id FROM claimed
"""


def main(clocks: int, due: int) -> int:
    """Print the figures with their goals; 1 when one is missed or a plan reads the table from end to end."""
    logging.disable(logging.INFO)
    verdicts = Verdicts()
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner:
        owner.autocommit = True
        _fill(owner, clocks)
        told = _report_idle(verdicts)
        _make_due(owner, due, seconds=3600)
        told += _report_claim(owner, clocks, due, verdicts)
        told += _report_telling()
        _make_due(owner, 19 * due, seconds=DAYS_LATE * 86400)
        told += _report_catching_up(owner, verdicts)
    told += _report_derive()
    sys.stdout.write("\n".join(told) + "\n")
    if verdicts.missed:
        sys.stdout.write(f"missed: {', '.join(verdicts.missed)}\n")
    return 1 if verdicts.missed or any("Seq Scan on applications_clock" in line for line in told) else 0


# --- filling ----------------------------------------------------------------------------------------------------------


def _fill(owner: Any, clocks: int) -> None:
    model = Application.objects.filter(number__isnull=False, ended_at__isnull=True).earliest("pk")
    fresh = {
        "key": "gen_random_uuid()",
        "number": "'BENCH' || i",
        "applicant_id": "NULL",
    }
    columns = [str(field.column) for field in Application._meta.concrete_fields if field.column != "id"]
    values = ", ".join(fresh.get(name, f"a.{name}") for name in columns)
    with owner.cursor() as cursor:
        for table in GUARDED:  # the database demands an event for every date, which no sweep reads
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE applications_clock SET next_action_at = NULL")
        cases = -(-clocks // len(KINDS))
        cursor.execute(CASES.format(columns=", ".join(columns), values=values), {"cases": cases, "model": model.pk})
        cursor.execute(CLOCKS, {"kinds": list(KINDS)})
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def _make_due(owner: Any, due: int, *, seconds: int) -> None:
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE applications_clock DISABLE TRIGGER USER")
        cursor.execute(DUE, {"due": due, "seconds": seconds})
        cursor.execute("ALTER TABLE applications_clock ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE applications_clock")


# --- measuring --------------------------------------------------------------------------------------------------------


def _undone(act: Callable[[], int]) -> tuple[float, int]:
    """Milliseconds and result of an act that is rolled back."""
    with transaction.atomic():
        begun = time.perf_counter()
        result = act()
        took = (time.perf_counter() - begun) * 1000
        transaction.set_rollback(True)
    return took, result


def _run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _claim_them() -> int:
    """Claim as the sweep does, batch after batch."""
    return _claim_all(_claim.BATCH_SIZE).claimed


def _in_turn(owner: Any, acts: dict[str, Callable[[], int]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Each act in turn, round after round; the dead rows of a round are swept away after it."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(rounds + 1):
        for name, act in acts.items():
            took, _result = _undone(act)
            if number:  # the first round warms up
                times[name].append(took)
        with owner.cursor() as cursor:
            cursor.execute("VACUUM applications_clock")
            cursor.execute("VACUUM supervision_limitwarning, supervision_untold")
    return times


def _report_claim(owner: Any, clocks: int, due: int, verdicts: Verdicts) -> list[str]:
    rows = {
        "claim": _undone(_claim_them)[1],
        "by hand": _undone(lambda: _run(RAW))[1],
    }
    if set(rows.values()) != {due}:
        raise SystemExit(f"The two did not write the same rows: {rows}")
    acts = {
        "claim": _claim_them,
        "by hand": lambda: _run(RAW),
        "insert only": lambda: _run(RAW_INSERT),
    }
    times = _in_turn(owner, acts)
    told = [f"{due} due of {clocks} open clocks, {ROUNDS} rounds in turn, medians"]
    told += [f"  {name:12} {statistics.median(took):8.1f} ms" for name, took in times.items()]
    found = ratio(times["claim"], times["by hand"])
    verdict = verdicts.judge("claim", found, CLAIM_GOAL if due <= MANY else CATCH_UP_GOAL)
    told.append(f"  ratio to one statement that finds, inserts and moves: {found:.2f}  {verdict}")
    told.append(f"  ratio to one that only finds and inserts: {ratio(times['claim'], times['insert only']):.2f}")
    return [*told, "plan of the claim", *_plan(_claim._CLAIM)]


def _plan(statement: str) -> list[str]:
    """EXPLAIN (ANALYZE, BUFFERS) of a statement whose effect is undone. Raises SystemExit without the index."""
    with transaction.atomic(), connection.cursor() as cursor:
        given = {"size": _claim.BATCH_SIZE, "late_after": _claim.LATE_AFTER_MINUTES}
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {statement}", given)
        lines = [f"  {line}" for (line,) in cursor.fetchall()]
        transaction.set_rollback(True)
    if not any(re.search(rf"Index (Only )?Scan using {INDEX}", line) for line in lines):
        raise SystemExit("\n".join(["The claim does not use its index:", *lines]))
    return lines


def _report_idle(verdicts: Verdicts) -> list[str]:
    """A minute in which nothing is due, against reads of one row by its key."""
    with transaction.atomic():
        key = Clock.objects.values_list("pk", flat=True).latest("pk")
        idle, reads = [], []
        for _round in range(5 * ROUNDS):
            begun = time.perf_counter()
            Clock.objects.get(pk=key)
            reads.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            swept = sweep()
            idle.append(time.perf_counter() - begun)
            if swept.scanned:
                raise SystemExit("Something was due.")
        plan = _plan(_BEGIN)
        transaction.set_rollback(True)
    milliseconds = statistics.median(idle) * 1000
    found = ratio(idle, reads)
    verdict = verdicts.judge("idle tick", found, IDLE_GOAL)
    return [
        f"a minute with nothing due: {milliseconds:.1f} ms, {found:.1f} reads by primary key  {verdict}",
        "plan of its one question about clocks",
        *plan,
    ]


def _report_catching_up(owner: Any, verdicts: Verdicts) -> list[str]:
    claimed = _undone(_claim_them)[1]
    times = _in_turn(owner, {"claim": _claim_them, "by hand": lambda: _run(RAW)}, CATCH_UP_ROUNDS)
    found = ratio(times["claim"], times["by hand"])
    verdict = verdicts.judge("catching up", found, CLAIM_GOAL if claimed <= MANY else CATCH_UP_GOAL)
    return [
        f"{claimed} claimed after {DAYS_LATE} days without a sweep, {CATCH_UP_ROUNDS} rounds in turn: "
        f"{statistics.median(times['claim']) / 1000:.2f} s, {found:.2f} times the one statement by hand  {verdict}"
    ]


def _report_telling() -> list[str]:
    """Claim and tell what is due, and undo it."""
    with transaction.atomic():
        _claim_them()
        begun = time.perf_counter()
        told = tell()
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    return [f"{told.rungs} rungs told in {told.messages} messages: {took / told.rungs * 1000:.2f} ms a rung"]


def _report_derive() -> list[str]:
    """Deriving all dates of one clock from its facts, for every open clock of the demonstration county."""
    moment = read_moment()
    took = []
    cases = Application.objects.filter(ended_at__isnull=True, clocks__facts__isnull=False).distinct()
    cases = cases.select_related("guide", "matter")  # as the frame of the verbs reads a case
    for application in cases.order_by("pk")[:500]:
        case = Case.load(application, moment)
        for clock in case.clocks.values():
            begun = time.perf_counter()
            case.derive(clock)
            took.append((time.perf_counter() - begun) * 1e6)
    return [f"derive: {statistics.median(took):.0f} µs a clock (median of {len(took)}, {timezone.localdate()})"]
