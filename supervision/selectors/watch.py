"""Is the watch itself alive? Read with the database's clock, so that a wrong server clock cannot lie about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from applications.models import Event, RuleSet
from halls.domain.worktime import SHANGHAI
from halls.models import CalendarNotice, CalendarYear, User
from matters.models import MatterVersion, SamenessReport, TimeoutPolicy
from matters.selectors.sameness import SILENT_AFTER
from supervision.domain.anchors import short_code
from supervision.models import Anchor, Brake, Bulletin, ExclusionRule, Message, Outbox, ProofRun, SweepRun, Untold
from supervision.models.ladder import STUCK_AFTER
from supervision.selectors.signatures import BULLETIN, CALENDAR, EXCLUSION, POLICY, RULES

UNSETTLED_MINUTES: Final = 2  # bringing the cases behind a calendar takes seconds; longer is worth a word
DEAD_AFTER: Final = timedelta(minutes=10)
# As often in the last ten minutes a worker found the sweep's lock held: a sweep is a matter of seconds.
BLOCKED_FROM: Final = 5
NEXT_YEAR_FROM_MONTH: Final = 11  # the notice for the next year comes out in October or November
STALE_AFTER: Final = timedelta(hours=26)  # a nightly proof or anchor, and two hours of patience
_RUNS: Final = SweepRun._meta.db_table
_PROOFS: Final = ProofRun._meta.db_table
_ANCHORS: Final = Anchor._meta.db_table
_EVENTS: Final = Event._meta.db_table
_BRAKES: Final = Brake._meta.db_table
_NOTICES: Final = CalendarNotice._meta.db_table
_YEARS: Final = CalendarYear._meta.db_table
_REPORTS: Final = SamenessReport._meta.db_table
_GUIDES: Final = MatterVersion._meta.db_table
COUNTED_TO: Final = 100  # "99+" is as much as a bell says
# Four looks into partial indexes that are empty, or nearly, on a good day. A text that should have left before the last
# working day, and is still put off, is as stuck as one that was given up.
_POST: Final = f"""
  (SELECT count(*) FROM (SELECT 1 FROM {Message._meta.db_table} WHERE user_id = %(reader)s AND read_at IS NULL
    LIMIT {COUNTED_TO}) unread),
  (SELECT count(*) FROM (SELECT 1 FROM {Outbox._meta.db_table} WHERE state = 'failed' LIMIT {COUNTED_TO}) stuck)
    + (SELECT count(*) FROM (SELECT 1 FROM {Outbox._meta.db_table} o
      WHERE o.state = 'waiting' AND o.not_before < halls_now() - interval '1 day' AND o.next_try_at > halls_now()
        AND supervision_end_of((o.not_before AT TIME ZONE 'Asia/Shanghai')::date, 1) < halls_now()
      LIMIT {COUNTED_TO}) put_off),
  (SELECT count(*) FROM (SELECT 1 FROM {Untold._meta.db_table} WHERE attempts >= {STUCK_AFTER}
    LIMIT {COUNTED_TO}) untold)
"""  # noqa: S608 - table names of our own models
# Proposals of other people that wait for a second signature: how many, and the first of them.
_OPEN: Final = "s.confirmed_at IS NULL AND s.dropped_at IS NULL AND s.proposed_person <> reader.person_code"
# A bulletin waits for its review and, of a person other than the reviewer, for its signature.
_DRAFTED: Final = "s.published_at IS NULL AND s.dropped_at IS NULL AND s.reviewed_person <> reader.person_code"
_WAITING: Final = {
    CALENDAR: (CalendarNotice, _OPEN),
    RULES: (RuleSet, _OPEN),
    POLICY: (TimeoutPolicy, _OPEN),
    EXCLUSION: (ExclusionRule, _OPEN),
    BULLETIN: (Bulletin, _DRAFTED),
}
_TO_SIGN: Final = ",\n".join(
    f"  (SELECT count(*) FROM {model._meta.db_table} s WHERE {waits}), "  # noqa: S608
    f"(SELECT min(s.id) FROM {model._meta.db_table} s WHERE {waits})"
    for model, waits in _WAITING.values()
)
# The last proof, or what an earlier one of the same day found: a clean run behind it does not hide that.
_PROOF: Final = f"""SELECT * FROM {_PROOFS} p WHERE p.kind = '{{kind}}' AND p.finished_at <= tick.at
    AND p.finished_at >= least(tick.at - interval '1 day', (
      SELECT max(m.finished_at) FROM {_PROOFS} m WHERE m.kind = '{{kind}}' AND m.finished_at <= tick.at))
  ORDER BY (p.differences > 0) DESC, p.finished_at DESC LIMIT 1"""  # noqa: S608
# A run that "ended in the future" (a clock was wrong) says nothing about now, but it says that: against the real clock,
# since a demonstration may travel.
_WATCH: Final = f"""
SELECT tick.at, r.finished_at, r.scanned, r.claimed, r.resumed, r.failed, r.lag_seconds,
  p.finished_at, p.clocks, p.differences, CASE WHEN p.differences > 0 THEN p.found END,
  CASE WHEN p.differences > 0 THEN (SELECT min(f.finished_at) FROM {_PROOFS} f WHERE f.kind = 'lights'
    AND f.finished_at <= p.finished_at AND f.finished_at > coalesce((SELECT max(c.finished_at) FROM {_PROOFS} c
      WHERE c.kind = 'lights' AND c.differences = 0 AND c.finished_at < p.finished_at), '-infinity')) END,
  l.finished_at, l.events, l.differences, a.made_at, a.digest,
  w.clock_gap_seconds, w.clock_jump_seconds,
  EXISTS (SELECT FROM {_RUNS} WHERE finished_at > clock_timestamp() + interval '1 minute'),
  EXISTS (SELECT FROM {_EVENTS} WHERE detail ? 'clock_regression' AND at > tick.at - interval '7 days'),
  b.tripped_at, b.waiting,
{_POST},
{_TO_SIGN},
  (SELECT coalesce(array_agg(y.year), '{{}}') FROM {_YEARS} y
    WHERE y.year BETWEEN extract(year FROM tick.at) - 1 AND extract(year FROM tick.at) + 2),
  EXISTS (SELECT FROM {_NOTICES} n WHERE n.turn IS NOT NULL AND n.settled_at IS NULL
    AND (n.left_over <> '{{}}' OR n.confirmed_at < tick.at - interval '{UNSETTLED_MINUTES} minutes')),
  (SELECT count(*) FROM {_RUNS} WHERE found_locked AND started_at BETWEEN tick.at - interval '10 minutes' AND tick.at)
    >= {BLOCKED_FROM},
  greatest((SELECT max(s.made_at) FROM {_REPORTS} s WHERE s.made_at <= tick.at),
    (SELECT v.published_at FROM {_GUIDES} v ORDER BY v.id LIMIT 1))
FROM (SELECT halls_now() AS at) tick LEFT JOIN LATERAL (
  SELECT * FROM {_RUNS} r WHERE r.finished_at <= tick.at ORDER BY r.finished_at DESC LIMIT 1
) r ON true LEFT JOIN LATERAL (
  {_PROOF.format(kind="lights")}
) p ON true LEFT JOIN LATERAL (
  {_PROOF.format(kind="ledger")}
) l ON true LEFT JOIN LATERAL (
  SELECT * FROM {_ANCHORS} a WHERE a.made_at <= tick.at ORDER BY a.made_at DESC LIMIT 1
) a ON true LEFT JOIN LATERAL (
  SELECT * FROM {_RUNS} w WHERE (w.clock_gap_seconds IS NOT NULL OR w.clock_jump_seconds IS NOT NULL)
    AND w.started_at BETWEEN tick.at - interval '1 day' AND tick.at ORDER BY w.started_at DESC LIMIT 1
) w ON true LEFT JOIN {_BRAKES} b ON b.released_at IS NULL
LEFT JOIN {User._meta.db_table} reader ON reader.id = %(reader)s
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
    # Somebody holds the lock of the sweep, so that no worker can do its part: what finishes meanwhile is not believed.
    is_blocked: bool = False

    @property
    def is_alive(self) -> bool:
        if self.is_blocked:
            return False
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
    """What the last nightly proof of dates and lights found; `since` when every proof has found something."""

    finished: datetime
    clocks: int
    differences: int
    found: tuple[dict[str, Any], ...] = ()  # the first of the differences
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastVerification:
    """What the last nightly verification of the ledger and its anchors found."""

    finished: datetime
    events: int
    faults: int


@dataclass(frozen=True, slots=True)
class LastAnchor:
    """The newest anchor: when it was made, and the code that a bulletin prints."""

    made_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class DatabaseClock:
    """What speaks against the database's clock: seconds off the server's, a jump, acts or sweeps of a later moment."""

    gap: int | None = None
    jump: int | None = None
    is_behind: bool = False

    @property
    def is_wrong(self) -> bool:
        return self.is_behind or self.gap is not None or self.jump is not None


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What one person has not read, and what could not be told or sent to anybody. Counted up to a hundred."""

    unread: int = 0
    stuck_texts: int = 0
    stuck_rungs: int = 0


@dataclass(frozen=True, slots=True)
class ToSign:
    """What waits for a signature, of one sort: others began it, nobody ended it; `first` is the oldest."""

    kind: str
    number: int
    first: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The brake on default actions: since when, and how many waited then."""

    since: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What pages say about the machine: its heartbeat, the calendar years it lacks, its last proofs and anchor."""

    heartbeat: Heartbeat
    missing_years: tuple[int, ...]
    proof: LastProof | None = None
    verification: LastVerification | None = None
    anchor: LastAnchor | None = None
    clock: DatabaseClock = DatabaseClock()
    post: PostOffice = PostOffice()
    held_back: HeldBack | None = None
    is_unsettled: bool = False
    to_sign: tuple[ToSign, ...] = ()
    # The last comparison of the guides (八统一), or when the first guide was published; None without any guide.
    compared_at: datetime | None = None

    @property
    def is_proved(self) -> bool:
        """Whether the last proof of dates and lights is of the last night."""
        return self.proof is not None and self.heartbeat.at - self.proof.finished <= STALE_AFTER

    @property
    def is_compared(self) -> bool:
        """Whether guides were compared within two days, or there are none."""
        return self.compared_at is None or self.heartbeat.at - self.compared_at <= SILENT_AFTER

    @property
    def is_compared_tonight(self) -> bool:
        """Whether the last comparison is of the last night."""
        return self.compared_at is None or self.heartbeat.at - self.compared_at <= STALE_AFTER

    @property
    def is_anchored(self) -> bool:
        """Whether the newest anchor is of the last night."""
        return self.anchor is not None and self.heartbeat.at - self.anchor.made_at <= STALE_AFTER

    @property
    def is_verified(self) -> bool:
        """Whether the last verification is of the last night."""
        return self.verification is not None and self.heartbeat.at - self.verification.finished <= STALE_AFTER


def read_watch(reader_id: int | None = None) -> Watch:
    """Return the state of the watch, and how much this reader has not read: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCH, {"reader": reader_id})
        at, *row, published, is_unsettled, is_blocked, compared = cursor.fetchone()
    (finished, *tally), (proved, *proof), (verified, *found), (anchored, digest) = (
        row[:6],
        row[6:11],
        row[11:14],
        row[14:16],
    )
    gap, jump, is_ahead, went_back, tripped, waiting = row[16:22]
    now = at.astimezone(SHANGHAI)
    beat = Heartbeat(now) if finished is None else Heartbeat(now, finished.astimezone(SHANGHAI), *tally)
    beat = replace(beat, is_blocked=is_blocked)
    wanted = [now.year, now.year + 1] if now.month >= NEXT_YEAR_FROM_MONTH else [now.year]
    return Watch(
        beat,
        tuple(year for year in wanted if year not in published),
        _last_proof(proved, *proof) if proved else None,
        LastVerification(verified.astimezone(SHANGHAI), *found) if verified else None,
        LastAnchor(anchored.astimezone(SHANGHAI), short_code(digest)) if anchored else None,
        DatabaseClock(gap, jump, is_ahead or went_back),
        PostOffice(*row[22:25]),
        HeldBack(tripped.astimezone(SHANGHAI), waiting) if tripped else None,
        is_unsettled,
        tuple(
            ToSign(kind, number, first)
            for kind, number, first in zip(_WAITING, row[25::2], row[26::2], strict=True)
            if number
        ),
        compared.astimezone(SHANGHAI) if compared else None,
    )


def _last_proof(
    finished: datetime, clocks: int, differences: int, found: str | None, since: datetime | None
) -> LastProof:
    told = tuple(json.loads(found)) if found else ()
    return LastProof(finished.astimezone(SHANGHAI), clocks, differences, told, since and since.astimezone(SHANGHAI))


def heartbeat() -> Heartbeat:
    """Return the heartbeat of the sweep: one statement."""
    return read_watch().heartbeat
