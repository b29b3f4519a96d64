"""Proof of the event chain: every event streamed out of the database and hashed anew."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from applications.domain.ledger import FAULTS as CHAIN_FAULTS
from applications.domain.ledger import HASHED, Chain, Fault
from applications.domain.projection import CASE, CLOCK, NOTHING, Expected, Fold, Told, differences
from applications.domain.projection import FAULTS as PROJECTION_FAULTS
from applications.models import Application, Clock, ClockFact, Event
from halls.selectors.database_clock import is_shiftable

FAULTS: Final = CHAIN_FAULTS | PROJECTION_FAULTS
SHOWN: Final = 1000  # faults that are told one by one; a forger of more is found out all the same
_EVENTS: Final = Event._meta.db_table
_CASES: Final = Application._meta.db_table
_CLOCKS: Final = Clock._meta.db_table
_FACTS: Final = ClockFact._meta.db_table
CHUNK: Final = 8000  # events that are held against their cases at a time
_COLUMNS: Final = ", ".join("(extract(epoch FROM at) * 1000000)::bigint" if name == "at" else name for name in HASHED)
_STREAM: Final = f"""
    COPY (SELECT {_COLUMNS}, hash FROM {_EVENTS}
    WHERE application_id > {{low}} AND application_id <= {{high}} ORDER BY application_id, seq) TO STDOUT
"""  # noqa: S608
_NEXT: Final = f"""
    SELECT application_id FROM {_EVENTS} WHERE application_id > %s ORDER BY application_id OFFSET %s LIMIT 1
"""  # noqa: S608
# The head of the chain as the case itself tells it, against the last event there is.
_HEADS: Final = f"""
    SELECT a.id, e.seq IS NULL, e.seq IS DISTINCT FROM a.event_seq, e.hash IS DISTINCT FROM a.event_hash,
           e.to_status IS DISTINCT FROM a.status, coalesce(e.seq, 0)
    FROM {_CASES} a
    LEFT JOIN LATERAL (
        SELECT seq, hash, to_status FROM {_EVENTS} WHERE application_id = a.id ORDER BY seq DESC LIMIT 1
    ) e ON true
    WHERE (e.seq, e.hash, e.to_status) IS DISTINCT FROM (a.event_seq::int, a.event_hash, a.status)
    ORDER BY a.id
"""  # noqa: S608
_ORPHANS: Final = f"""
    SELECT application_id, min(seq) FROM {_EVENTS} e
    WHERE NOT EXISTS (SELECT FROM {_CASES} a WHERE a.id = e.application_id)
    GROUP BY application_id ORDER BY application_id
"""  # noqa: S608


def _micro(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


# In the order of projection.CASE, of projection.CLOCK, and of projection.FACT.
_ROWS: Final = f"""
    COPY (SELECT id, {", ".join(_micro(name) for name in CASE[:5])}, {", ".join(CASE[5:])} FROM {_CASES}
    WHERE id > {{low}} AND id <= {{high}}) TO STDOUT
"""  # noqa: S608
_TIMES: Final = f"""
    COPY (SELECT c.application_id, {", ".join(f"c.{name}" for name in CLOCK[:7])},
      {", ".join(_micro(f"c.{name}") for name in CLOCK[7:])},
      (SELECT string_agg(f.move || '|' || f.event_seq || '|' || {_micro("f.at")} || '|'
        || coalesce(to_char(f.granted_until, 'YYYY-MM-DD'), '') || '|' || coalesce(f.amount::text, '') || '|' || f.unit,
        ';' ORDER BY f.id) FROM {_FACTS} f WHERE f.clock_id = c.id)
    FROM {_CLOCKS} c WHERE c.application_id > {{low}} AND c.application_id <= {{high}}) TO STDOUT
"""  # noqa: S608
_LAST: Final = 9223372036854775807
_ESCAPED: Final = re.compile(rb"\\(.)")
_MEANT: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


@dataclass
class Proof:
    """The outcome of one proof."""

    events: int = 0
    applications: int = 0
    seconds: float = 0.0
    found: int = 0
    faults: list[Fault] = field(default_factory=list)
    numbers: dict[int, str] = field(default_factory=dict)

    def note(self, faults: list[Fault]) -> None:
        self.found += len(faults)
        self.faults += faults[: max(SHOWN - len(self.faults), 0)]

    def as_dict(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "events": self.events,
            "applications": self.applications,
            "faults": [
                {
                    "application": fault.application or None,
                    "number": self.numbers.get(fault.application, ""),
                    "seq": fault.seq or None,
                    "fault": fault.code,
                    "message": FAULTS[fault.code],
                }
                for fault in self.faults
            ],
            "faults_found": self.found,
            "seconds": round(self.seconds, 3),
            "events_per_second": round(self.events / self.seconds) if self.seconds else 0,
        }


def prove_ledger() -> Proof:
    """Check every event of every case against its hash, its predecessor, the lifecycle table and its case.

    What the events say is also held against the row of the case, its clocks and their facts. One pass in constant
    memory, on one snapshot: acts may go on meanwhile.
    """
    proof, begun = Proof(), time.perf_counter()
    with _snapshot():
        chain, fold = Chain(), Fold()
        for low, high in _chunks():
            _read(_STREAM, low, high, _Events(chain, fold, proof))
            proof.note(_faults_of_projections(fold.collect(), low, high))
        proof.events, proof.applications = chain.events, chain.applications
        proof.note(_faults_of_heads())
        if not settings.DEMO and is_shiftable(connection):
            proof.note([Fault(0, 0, "clock")])
        ids = {fault.application for fault in proof.faults}
        numbers = Application.objects.filter(pk__in=ids, number__isnull=False).values_list("pk", "number")
        proof.numbers = {pk: number for pk, number in numbers if number}
    proof.faults.sort()
    proof.seconds = time.perf_counter() - begun
    return proof


@contextmanager
def _snapshot() -> Iterator[None]:
    """Read everything as of one moment; inside somebody's transaction, as of theirs."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _chunks() -> Iterator[tuple[int, int]]:
    """Yield ranges of cases, from nothing to everything, each with some CHUNK events: never a case in two of them."""
    low = -1
    while low < _LAST:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [low, CHUNK])
            found = cursor.fetchone()
        high = found[0] if found else _LAST
        yield low, high
        low = high


def _read(statement: str, low: int, high: int, reader: _Events | _Lines) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(statement.format(low=low, high=high), reader)


class _Events:
    """Takes the lines of a COPY as they arrive: several times as fast as fetching rows."""

    def __init__(self, chain: Chain, fold: Fold, proof: Proof) -> None:
        self._chain, self._fold, self._proof = chain, fold, proof

    def write(self, line: bytes) -> None:
        fields = line[:-1].split(b"\t")
        if b"\\" in line:
            fields = [_ESCAPED.sub(_unescape, one) for one in fields]
        faults = self._chain.feed(fields)
        if faults:
            self._proof.note(faults)
        self._fold.feed(fields)


class _Lines:
    """Collects the lines of a COPY by their first column; a missing value stays as it is printed."""

    def __init__(self) -> None:
        self.found: defaultdict[bytes, list[list[bytes]]] = defaultdict(list)

    def write(self, line: bytes) -> None:
        fields = line[:-1].split(b"\t")
        if b"\\" in line:
            fields = [one if one == NOTHING else _ESCAPED.sub(_unescape, one) for one in fields]
        self.found[fields[0]].append(fields[1:])


def _faults_of_projections(expected: dict[bytes, Expected], low: int, high: int) -> list[Fault]:
    """Hold the rows of these cases, their clocks and facts against what the events say."""
    rows, times = _Lines(), _Lines()
    _read(_ROWS, low, high, rows)
    _read(_TIMES, low, high, times)
    faults = []
    for case, [row] in rows.found.items():
        told = expected.get(case)
        if told is None:
            continue  # without any event: that is told already
        clocks = [_stored(fields) for fields in times.found.get(case, ())]
        faults += [Fault(int(case), told.seq, code) for code in differences(told, row, clocks)]
    return faults


def _stored(fields: list[bytes]) -> Told:
    """A clock as it is stored, and its facts, which come in one text."""
    facts = fields[-1].split(b";") if fields[-1] != NOTHING else []
    return Told(tuple(fields[:-1]), tuple(tuple(fact.split(b"|")) for fact in facts))


def _unescape(match: re.Match[bytes]) -> bytes:
    return _MEANT.get(match[1], match[1])


def _faults_of_heads() -> list[Fault]:
    faults = []
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        for case, is_empty, wrong_seq, wrong_hash, wrong_status, seq in cursor.fetchall():
            if is_empty:
                faults.append(Fault(case, 0, "no_events"))
                continue
            told = {"head_seq": wrong_seq, "head_hash": wrong_hash and not wrong_seq, "head_status": wrong_status}
            faults += [Fault(case, seq, code) for code, is_wrong in told.items() if is_wrong]
        cursor.execute(_ORPHANS)
        faults += [Fault(case, seq, "orphan") for case, seq in cursor.fetchall()]
    return faults
