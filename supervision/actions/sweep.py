"""巡检: claim every warning and card that is due, wake what has slept long enough, leave a heartbeat."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from applications.actions.resume import resume
from applications.domain.lifecycle import Status
from applications.models import Application, Clock
from halls.acting import Actor, system_actor
from halls.domain.errors import DomainError
from halls.domain.worktime import SHANGHAI
from halls.models import CalendarNotice
from halls.selectors.calendar_notices import is_unsettled as is_unsettled_case
from halls.selectors.work_calendar import read_moment
from matters.models import TimeoutPolicy
from supervision.actions._claim import BATCH_SIZE, Batch, claim_batch
from supervision.actions._second_clock import SecondClock
from supervision.actions.defaults import Followed, follow_up
from supervision.actions.settle_calendar import Settled, settle_calendar
from supervision.actions.sweep_terms import SweptTerms, sweep_terms
from supervision.actions.tell import tell
from supervision.models import SweepRun, Term, Untold

logger = logging.getLogger(__name__)

KEPT_DAYS: Final = 7
TOLD_AT_ONCE: Final = 1000  # a second or two; the task of its own tells the rest while the heart goes on
RESUMED_AT_ONCE: Final = 500  # under a minute; after an outage the rest waits for the next run, and the heart goes on
_SECOND_CLOCK: Final = SecondClock()
_RUNS: Final = SweepRun._meta.db_table
_LOCK: Final = "hashtext('supervision.sweep')"
_CLOCKS: Final = Clock._meta.db_table
_POLICIES: Final = TimeoutPolicy._meta.db_table
_UNTOLD: Final = Untold._meta.db_table
_NOTICES: Final = CalendarNotice._meta.db_table
_TERMS: Final = Term._meta.db_table
# Whether anything is due is asked on the way (NULL: nothing ever will be): most minutes nothing is. The smallest value
# is one look into the index; EXISTS would be planned as a scan of the table that hopes for an early hit.
# The same for defaults: an acceptance that ran out, or any policy that two persons signed.
_BEGIN: Final = f"""
INSERT INTO {_RUNS} (started_at, scanned, claimed, resumed, failed, lag_seconds)
VALUES (halls_now(), 0, 0, 0, 0, 0)
RETURNING id, started_at, clock_timestamp(), (SELECT min(c.next_action_at) FROM {_CLOCKS} c) < {_RUNS}.started_at,
  (SELECT min(u.next_try_at) FROM {_UNTOLD} u) <= {_RUNS}.started_at,
  (SELECT min(c.due_at) FROM {_CLOCKS} c WHERE c.kind = 'acceptance' AND c.state = 'running') < {_RUNS}.started_at
  OR EXISTS (SELECT FROM {_POLICIES} p WHERE p.confirmed_at IS NOT NULL),
  (SELECT min(n.id) FROM {_NOTICES} n WHERE n.settled_at IS NULL AND n.turn IS NOT NULL) IS NOT NULL,
  (SELECT min(t.next_action_at) FROM {_TERMS} t) < {_RUNS}.started_at
"""  # noqa: S608
_END: Final = f"""
WITH pruned AS (DELETE FROM {_RUNS} WHERE started_at < halls_now() - make_interval(days => %(kept_days)s))
UPDATE {_RUNS} SET finished_at = halls_now(), scanned = %(scanned)s, claimed = %(claimed)s,
  resumed = %(resumed)s, defaulted = %(defaulted)s, failed = %(failed)s, lag_seconds = %(lag_seconds)s
WHERE id = %(id)s RETURNING finished_at
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Swept:
    """One finished run."""

    started: datetime
    finished: datetime
    scanned: int
    claimed: int
    resumed: int
    defaulted: int
    failed: int
    lag_seconds: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat(),
            "scanned": self.scanned,
            "claimed": self.claimed,
            "resumed": self.resumed,
            "defaulted": self.defaulted,
            "lag_seconds": self.lag_seconds,
        }


def sweep(*, batch_size: int = BATCH_SIZE) -> Swept:
    """Drain what is due and write the heartbeat. Safe to run twice, on two workers at once, or days late.

    Not one transaction: each batch and each resumed case stands for itself, so that what was done before
    a crash is done. A crash leaves the run unfinished, which is no heartbeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)
        run_id, started, told, is_due, is_untold, may_default, is_unsettled, is_term_due = cursor.fetchone()
    _watch_the_clock(run_id, told)
    settled = Settled()
    if is_unsettled:  # first: nothing is claimed, and nothing follows, under dates that a published calendar moved
        is_due, settled = True, _settle()
    batch = _claim_all(batch_size) if is_due else Batch(0, 0, 0)
    seen = started.replace(microsecond=0)  # a moment counts in whole seconds
    resumed, failed = _resume_all(_outslept(seen, is_settled=settled.is_done))
    if resumed:  # found late, a resumed clock may have rungs behind it already
        batch += _claim_all(batch_size)
    # Last of all: every card that a limit earned is on record before anything follows to it.
    followed = follow_up(seen) if may_default else Followed()
    if followed.done:  # accepted since its receipt, a case may be late already
        batch += _claim_all(batch_size)
    terms = sweep_terms() if is_term_due else SweptTerms()
    if is_untold or batch.claimed or followed.done or terms.claimed:
        _tell()
    tally = {
        "scanned": batch.scanned,
        "claimed": batch.claimed + terms.claimed,
        "resumed": resumed,
        "defaulted": followed.done,
        "failed": settled.failed + failed + followed.failed + terms.failed,
        "lag_seconds": batch.lag_seconds,
    }
    with connection.cursor() as cursor:
        cursor.execute(_END, {"id": run_id, "kept_days": KEPT_DAYS, **tally})
        (finished,) = cursor.fetchone()
    logger.info("swept scanned=%d claimed=%d resumed=%d defaulted=%d failed=%d lag=%d", *tally.values())
    return Swept(started.astimezone(SHANGHAI), finished.astimezone(SHANGHAI), **tally)


def _watch_the_clock(run_id: int, told: datetime) -> None:
    """Keep it where supervisors see it when the database's clock was moved: every limit hangs on it."""
    reading = _SECOND_CLOCK.read(told)
    if reading.is_wrong:
        logger.error("database_clock_wrong gap=%s jump=%s", reading.gap, reading.jump)
        wrong = {"clock_gap_seconds": reading.gap, "clock_jump_seconds": reading.jump}
        SweepRun.objects.filter(pk=run_id).update(**wrong)


def sweep_unless_running(*, batch_size: int = BATCH_SIZE) -> Swept | None:
    """Sweep, or return None when another worker is at it: the lock only saves work, the claims are safe without.

    That it was held stays on record: whoever holds it for minutes stops the watch (`Heartbeat.is_blocked`).
    """
    with _alone() as is_alone:
        if is_alone:
            return sweep(batch_size=batch_size)
    SweepRun.objects.create(started_at=read_moment().at, found_locked=True)
    logger.warning("sweep_found_locked")
    return None


def _claim_all(batch_size: int) -> Batch:
    """Drain. It ends: every batch moves its clocks behind the present."""
    done = Batch(0, 0, 0)
    while True:
        batch = claim_batch(batch_size)
        done += batch
        if batch.scanned < batch_size:
            return done


def _settle() -> Settled:
    """Go on where bringing the cases behind a published calendar stopped; what is left waits with all its limits."""
    try:
        return settle_calendar()
    except Exception as error:  # noqa: BLE001 - the watch itself must not stop for it
        logger.error("settle_failed error=%s", type(error).__name__)
        return Settled(failed=1, is_done=False)


def _tell() -> None:
    """Tell what is claimed. What cannot be told, and a flood, wait in the queue: the watch has done its part."""
    try:
        tell(most=TOLD_AT_ONCE)
    except Exception as error:  # noqa: BLE001 - the heartbeat must not depend on it
        logger.error("tell_failed error=%s", type(error).__name__)


def _resume_all(outslept: Sequence[int]) -> tuple[int, int]:
    """Resume the cases whose granted days are over, so many a run; one that cannot be does not stop the others."""
    resumed = failed = 0
    actor: Actor | None = None
    for case_id in outslept:
        if resumed >= RESUMED_AT_ONCE:
            break
        try:
            actor = actor or system_actor()
            resume(case_id, actor=actor)
            resumed += 1
        except Exception as error:  # noqa: BLE001 - the others must not wait for one bad case
            if _still_sleeps(case_id):
                failed += 1
                code = error.code if isinstance(error, DomainError) else type(error).__name__
                logger.error("resume_failed case=%d error=%s", case_id, code)
    return resumed, failed


def _outslept(now: datetime, *, is_settled: bool) -> list[int]:
    """Return the suspended cases whose granted days are over, the oldest first; none that a calendar may move yet."""
    rows = Application.objects.filter(status=Status.SUSPENDED, paused_until__lt=now)
    found = list(rows.order_by("paused_until", "pk").values_list("pk", flat=True))
    return found if is_settled else [case_id for case_id in found if not is_unsettled_case(case_id)]


def _still_sleeps(case_id: int) -> bool:
    """Return whether the case is suspended still, i.e. nobody else resumed it in this very moment."""
    return Application.objects.filter(pk=case_id, status=Status.SUSPENDED).exists()


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_LOCK})")
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({_LOCK})")
