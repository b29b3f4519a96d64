"""One batch of the sweep in one statement: lock, claim, move on; what is claimed is queued by a trigger.

A clock whose `next_action_at` has passed is locked (rows that somebody else holds are skipped: the next
sweep finds them), every rung it has reached is claimed by an insert that the unique index lets through
once, and its `next_action_at` moves to the next rung it has not reached. Nothing is decided in Python, so
two sweeps at once, a second sweep, or one three days late write the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from applications.models import Application, Clock
from halls.models import CalendarNotice
from supervision.models import LimitWarning

# Small enough that no clock is held for long, and that its rows are found by key rather than by reading the table.
BATCH_SIZE: Final = 500
LATE_AFTER_MINUTES: Final = 10
LAST_CASE: Final = 2**63 - 1

_CLOCKS: Final = Clock._meta.db_table
_CASES: Final = Application._meta.db_table
_WARNINGS: Final = LimitWarning._meta.db_table
_UNSETTLED: Final = f"{CalendarNotice._meta.db_table} WHERE turn IS NOT NULL AND settled_at IS NULL"
# Which time this rung is armed is the database's to say, because its guard says the same: a rung behind an extension or
# a pause warns once more, and a card that was revoked makes room for one more where a new calendar moved the rung.
_ARMED: Final = "supervision_armed({clock}.id, {level}, {at})"
# The case is locked with its clock: whoever acts holds the case from the moment they act in, and what they stopped in
# time earns no card because it was not yet written down. A moment counts in whole seconds: the last one is not over.
# Nothing is claimed under the dates of a calendar that no longer holds: what waits for recalculation waits here too.
# Clock by clock in the order of the index, each with its case: no join of all that is due with all there is.
# A rung counts while the clock runs: what lies behind the stop was never reached.
# Whose card it is: who held the case at the moment of the rung (`applications_held_at`: a few looks into indexes for
# each one claimed). The clock's seat of today says nothing about that, and the card's trigger asks once more.
_CLAIM: Final = f"""
WITH tick AS MATERIALIZED (SELECT date_trunc('second', halls_now()) AS at),
due AS (
  SELECT c.id, c.application_id, c.kind, c.step_seq, c.stopped_at, c.warn_at, c.yellow_at, c.red_at
  FROM {_CLOCKS} c CROSS JOIN LATERAL (
    SELECT a.id FROM {_CASES} a WHERE a.id = c.application_id
      AND a.id <= (SELECT coalesce(min(settled_through), {LAST_CASE}) FROM {_UNSETTLED})
      AND a.id <> ALL (ARRAY(SELECT unnest(left_over) FROM {_UNSETTLED}))
    FOR NO KEY UPDATE SKIP LOCKED
  ) AS held
  WHERE c.next_action_at < (SELECT at FROM tick)
  ORDER BY c.next_action_at, c.id
  LIMIT %(size)s
  FOR NO KEY UPDATE OF c SKIP LOCKED
),
rung AS (
  SELECT due.id, due.application_id, due.kind, due.step_seq, r.level, r.rank, r.at,
         tick.at AS found_at, {_ARMED.format(clock="due", level="r.level", at="r.at")} AS arming
  FROM tick, due CROSS JOIN LATERAL (VALUES
    ('warning', 1, due.warn_at), ('yellow', 2, due.yellow_at), ('red', 3, due.red_at)
  ) AS r (level, rank, at)
  WHERE r.at < least(tick.at, due.stopped_at)
),
claimed AS (
  INSERT INTO {_WARNINGS}
    (clock_id, application_id, level, arming, clock_kind, step_seq, seat_path,
     effective_at, recorded_at, is_late)
  SELECT id, application_id, level, arming, kind, step_seq, (applications_held_at(id, at)).path,
         at, found_at, found_at - at > make_interval(mins => %(late_after)s)
  FROM rung
  ORDER BY at, rank, id
  ON CONFLICT (clock_id, level, arming) DO NOTHING
  RETURNING effective_at
),
moved AS (
  UPDATE {_CLOCKS} c
  SET next_action_at = (
    SELECT min(r.at) FROM tick, (VALUES (due.warn_at), (due.yellow_at), (due.red_at)) AS r (at)
    WHERE r.at >= tick.at AND (due.stopped_at IS NULL OR r.at < due.stopped_at)
  )
  FROM due
  WHERE c.id = due.id
  RETURNING c.id
)
SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM claimed),
       (SELECT coalesce(ceil(extract(epoch FROM tick.at - min(claimed.effective_at))), 0)::int FROM claimed)
FROM tick
"""  # noqa: S608 - table names of our own models

# The red card that a limit earns by its end alone, where something followed to that, is claimed in the same way.
_CLAIM_RED: Final = f"""
INSERT INTO {_WARNINGS}
  (clock_id, application_id, level, arming, clock_kind, step_seq, seat_path,
   effective_at, recorded_at, is_late)
SELECT c.id, c.application_id, 'red', {_ARMED.format(clock="c", level="'red'", at="%(due)s")},
       %(kind)s, %(step)s, (applications_held_at(c.id, %(due)s)).path, %(due)s, %(now)s,
       %(now)s - %(due)s::timestamptz > make_interval(mins => %(late_after)s)
FROM {_CLOCKS} c WHERE c.id = %(clock)s
ON CONFLICT (clock_id, level, arming) DO NOTHING
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did; `lag_seconds` is the age of the oldest rung it claimed."""

    scanned: int
    claimed: int
    lag_seconds: int

    def __add__(self, other: Batch) -> Batch:
        lag = max(self.lag_seconds, other.lag_seconds)
        return Batch(self.scanned + other.scanned, self.claimed + other.claimed, lag)


def claim_red(clock: Clock, now: datetime) -> None:
    """Claim and queue the red card of a limit that ran out, unless it has one, in the caller's transaction.

    `clock` is as it stood when it ran out; a rung that would come later counts from its end then.
    """
    given: dict[str, Any] = {"clock": clock.pk, "kind": clock.kind, "step": clock.step_seq}
    given |= {"due": clock.due_at, "now": now, "late_after": LATE_AFTER_MINUTES}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_RED, given)


def claim_batch(size: int = BATCH_SIZE) -> Batch:
    """Claim the rungs of up to `size` due clocks: one statement, one transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"size": size, "late_after": LATE_AFTER_MINUTES})
        return Batch(*cursor.fetchone())
