"""Proof of the event chain: every event streamed out of the database and hashed anew."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from applications.domain.ledger import FAULTS, HASHED, Chain, Fault
from applications.models import Application, Event
from halls.selectors.database_clock import is_shiftable

SHOWN: Final = 1000  # faults that are told one by one; a forger of more is found out all the same
_EVENTS: Final = Event._meta.db_table
_CASES: Final = Application._meta.db_table
_COLUMNS: Final = ", ".join("(extract(epoch FROM at) * 1000000)::bigint" if name == "at" else name for name in HASHED)
_STREAM: Final = f"COPY (SELECT {_COLUMNS}, hash FROM {_EVENTS} ORDER BY application_id, seq) TO STDOUT"  # noqa: S608
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

    One pass in constant memory, on one snapshot: acts may go on meanwhile.
    """
    proof, begun = Proof(), time.perf_counter()
    with _snapshot():
        chain = Chain()
        _Reader(chain, proof).read()
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


class _Reader:
    """Takes the lines of a COPY as they arrive: several times as fast as fetching rows."""

    def __init__(self, chain: Chain, proof: Proof) -> None:
        self._chain, self._proof = chain, proof

    def read(self) -> None:
        with connection.cursor() as cursor:
            cursor.copy_expert(_STREAM, self)

    def write(self, line: bytes) -> None:
        fields = line[:-1].split(b"\t")
        if b"\\" in line:
            fields = [_ESCAPED.sub(_unescape, one) for one in fields]
        faults = self._chain.feed(fields)
        if faults:
            self._proof.note(faults)


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
