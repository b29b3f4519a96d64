"""Proof of the event chain: every event streamed out of the database and hashed anew."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from applications.domain.ledger import FAULTS as CHAIN_FAULTS
from applications.domain.ledger import HASHED, Chain, Fault
from applications.domain.projection import CASE, CLOCK, FACT, FACTS, NEXT_CLOCK, NEXT_FACT, Fold, differences
from applications.domain.projection import COLUMN as SEPARATOR
from applications.domain.projection import FAULTS as PROJECTION_FAULTS
from applications.models import Application, Clock, ClockFact, Event
from halls.selectors.database_clock import is_shiftable

FAULTS: Final = CHAIN_FAULTS | PROJECTION_FAULTS
SHOWN: Final = 1000  # faults that are told one by one; a forger of more is found out all the same
_EVENTS: Final = Event._meta.db_table
_CASES: Final = Application._meta.db_table
_CLOCKS: Final = Clock._meta.db_table
_FACTS: Final = ClockFact._meta.db_table
CHUNK: Final = 8000  # events that are sorted at a time


def _micro(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


def _printed(columns: Iterable[str]) -> str:
    """Columns in one text; of what is missing there is nothing."""
    return f", '{SEPARATOR.decode()}', ".join(columns)


_COLUMNS: Final = ", ".join(_micro(name) if name == "at" else name for name in HASHED)
_DATES: Final = {"granted_until": "to_char(f.granted_until, 'YYYY-MM-DD')", "at": _micro("f.at")}
_FACT: Final = _printed(_DATES.get(name, f"f.{name}") for name in FACT)
_CLOCK: Final = _printed(_micro(f"c.{name}") if name.endswith("_at") else f"c.{name}" for name in CLOCK)
_CASE: Final = _printed([*(_micro(f"a.{name}") for name in CASE[:5]), f"a.{CASE[5]}", f"octet_length(a.{CASE[6]})"])
# A case as it is stored, in the form in which the events tell it (domain/projection.py).
_STORED: Final = f"""
    SELECT concat({_CASE}, '{NEXT_CLOCK.decode()}', (
        SELECT string_agg(concat({_CLOCK}, '{FACTS.decode()}', (
            SELECT string_agg(concat({_FACT}), '{NEXT_FACT.decode()}' ORDER BY f.id)
            FROM {_FACTS} f WHERE f.clock_id = c.id
        )), '{NEXT_CLOCK.decode()}' ORDER BY c.id)
        FROM {_CLOCKS} c WHERE c.application_id = a.id
    ), '{NEXT_CLOCK.decode()}', a.{CASE[6]})
    FROM {_CASES} a WHERE a.id = e.application_id
"""  # noqa: S608
# Behind each event what it says of clocks, and with the first of a case the case itself: the database prepares what
# comes next while this is checked.
_STREAM: Final = f"""
    COPY (SELECT {_COLUMNS}, hash, coalesce((detail -> 'clocks')::text, ''),
      CASE WHEN number = 1 THEN coalesce(({_STORED}), '') ELSE '' END
    FROM (
        SELECT *, row_number() OVER (PARTITION BY application_id ORDER BY seq) AS number FROM {_EVENTS}
        WHERE application_id > {{low}} AND application_id <= {{high}}
    ) e ORDER BY application_id, seq) TO STDOUT
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
        chain = Chain()
        for low, high in _chunks():
            events = _Events(chain, proof)
            with connection.cursor() as cursor:
                cursor.copy_expert(_STREAM.format(low=low, high=high), events)
            events.close()
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
                cursor.execute("SET LOCAL jit = off")  # it takes longer than the statement, chunk after chunk
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


class _Events:
    """Takes the lines of a COPY as they arrive (several times as fast as fetching rows), and closes case after case."""

    def __init__(self, chain: Chain, proof: Proof) -> None:
        self._chain, self._proof = chain, proof
        self._application, self._stored, self._fold = b"", b"", Fold()

    def write(self, line: bytes) -> None:
        fields = line[:-1].split(b"\t")
        if b"\\" in line:
            fields = [_ESCAPED.sub(_unescape, one) if b"\\" in one else one for one in fields]
        stored, said = fields.pop(), fields.pop()
        faults = self._chain.feed(fields)
        if faults:
            self._proof.note(faults)
        if fields[0] != self._application:
            self.close()
            self._application, self._stored, self._fold = fields[0], stored, Fold()
        self._fold.feed(fields, said)

    def close(self) -> None:
        """Hold the row of the case, its clocks and facts against what its events said."""
        fold, stored = self._fold, self._stored
        if not stored:
            return  # before the first case; or one that does not exist, which is told as `orphan`
        told = fold.text()
        if told != stored:
            codes = differences(told, stored, told_from=fold.told_from)
            self._proof.note([Fault(int(self._application), int(fold.seq), code) for code in codes])


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
