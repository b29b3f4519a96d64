"""Is the watch itself alive? Read with the database's clock, so that a wrong server clock cannot lie about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from halls.domain.worktime import SHANGHAI
from halls.models import CalendarYear
from supervision.models import ProofRun, SweepRun

DEAD_AFTER: Final = timedelta(minutes=10)
NEXT_YEAR_FROM_MONTH: Final = 11  # the notice for the next year comes out in October or November
_RUNS: Final = SweepRun._meta.db_table
_PROOFS: Final = ProofRun._meta.db_table
_YEARS: Final = CalendarYear._meta.db_table
# A run that "ended in the future" (a clock was wrong) says nothing about now.
_WATCH: Final = f"""
SELECT tick.at, r.finished_at, r.scanned, r.claimed, r.resumed, r.failed, r.lag_seconds,
  p.finished_at, p.clocks, p.differences, (SELECT coalesce(array_agg(y.year), '{{}}') FROM {_YEARS} y
    WHERE y.year BETWEEN extract(year FROM tick.at) - 1 AND extract(year FROM tick.at) + 2)
FROM (SELECT halls_now() AS at) tick LEFT JOIN LATERAL (
  SELECT * FROM {_RUNS} r WHERE r.finished_at <= tick.at ORDER BY r.finished_at DESC LIMIT 1
) r ON true LEFT JOIN LATERAL (
  SELECT * FROM {_PROOFS} p WHERE p.finished_at <= tick.at ORDER BY p.finished_at DESC LIMIT 1
) p ON true
"""  # noqa: S608 - table names of our own models


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last finished run of the sweep, seen from `at`. Nobody ever swept: `last_finished` is None."""

    at: datetime
    last_finished: datetime | None = None
    scanned: int = 0
    claimed: int = 0
    resumed: int = 0
    failed: int = 0
    lag_seconds: int = 0

    @property
    def is_alive(self) -> bool:
        return self.last_finished is not None and self.at - self.last_finished <= DEAD_AFTER

    @property
    def minutes(self) -> int | None:
        """Whole minutes since the last run ended."""
        return None if self.last_finished is None else int((self.at - self.last_finished) / timedelta(minutes=1))

    @property
    def lag_minutes(self) -> int:
        """How late the oldest rung of that run was found."""
        return self.lag_seconds // 60


@dataclass(frozen=True, slots=True)
class LastProof:
    """What the last nightly proof of dates and lights found."""

    finished: datetime
    clocks: int
    differences: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What pages say about the machine: its heartbeat, the calendar years it lacks, its last proof."""

    heartbeat: Heartbeat
    missing_years: tuple[int, ...]
    proof: LastProof | None = None


def read_watch() -> Watch:
    """Return the state of the watch: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCH)
        at, *row, published = cursor.fetchone()
    (finished, *tally), (proved, *proof) = row[:6], row[6:]
    now = at.astimezone(SHANGHAI)
    found = Heartbeat(now) if finished is None else Heartbeat(now, finished.astimezone(SHANGHAI), *tally)
    wanted = [now.year, now.year + 1] if now.month >= NEXT_YEAR_FROM_MONTH else [now.year]
    missing = tuple(year for year in wanted if year not in published)
    return Watch(found, missing, LastProof(proved.astimezone(SHANGHAI), *proof) if proved else None)


def heartbeat() -> Heartbeat:
    """Return the heartbeat of the sweep: one statement."""
    return read_watch().heartbeat
