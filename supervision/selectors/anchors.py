"""The rows that anchors cover, read in the order of their numbers, and the verification of a whole anchor file."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError, connection, models
from psycopg2 import sql

from applications.models import Document, Event
from halls.domain.errors import Refused
from supervision.domain.anchors import (
    AnchorFault,
    Cover,
    Sealed,
    broken_seals,
    compare,
    faults_of_lines,
    read_lines,
    short_code,
)
from supervision.models import Anchor, LimitWarning
from supervision.selectors.seals import read_seals

# An event is what its hash says; a paper and a card are all their columns.
_MODELS: Final[tuple[type[models.Model], ...]] = (Event, Document, LimitWarning)


def _columns(model: type[models.Model], kind: type[models.Field[Any, Any]]) -> tuple[str, ...]:
    return tuple(str(one.column) for one in model._meta.concrete_fields if isinstance(one, kind))


# A paper and a card are all their columns; an event is what its hash says.
COVERED: Final = {model._meta.db_table: _columns(model, models.Field) for model in _MODELS} | {
    Event._meta.db_table: ("id", "application_id", "seq", "hash")
}
_MOMENTS: Final = {model._meta.db_table: _columns(model, models.DateTimeField) for model in _MODELS}
_TRIES: Final = 20
_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to where a table is finished: no act that is on its way has a number below `cut`."""

    cut: int
    newest: int
    given: int


def read_cuts() -> dict[str, Cut]:
    """Return the cut of every covered table: one statement that locks them for an instant.

    Raises Refused when somebody writes without a pause for longer than we are ready to wait.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT name, cut, newest, given FROM supervision_cut()")
                return {name: Cut(*numbers) for name, *numbers in cursor.fetchall()}
        except OperationalError:
            if attempt == _TRIES or connection.in_atomic_block:
                break
            time.sleep(_PAUSE)
    raise Refused(
        "busy", "有长时间不结束的写入，等不到可以锚定的时刻。", cure="请稍后再试；仍不行请查看数据库中未结束的事务。"
    )


def cover(table: str, after: int, to: int) -> Cover:
    """Return what the rows with after < id <= to say now."""
    return next(_covers(table, COVERED[table], [(after, to)]))


class _Digests:
    """Takes the lines of a COPY in the order of their numbers, and closes a digest at every cut."""

    def __init__(self, cuts: Sequence[int]) -> None:
        self._cuts = list(cuts)
        self.closed: list[tuple[int, str]] = []
        self._count, self._digest = 0, sha256()

    def write(self, line: bytes) -> None:
        number = int(line[: line.index(b"\t")])
        while number > self._cuts[len(self.closed)]:
            self.close()
        self._count += 1
        self._digest.update(line)

    def close(self) -> None:
        self.closed.append((self._count, self._digest.hexdigest()))
        self._count, self._digest = 0, sha256()


def _covers(table: str, columns: tuple[str, ...], ranges: Sequence[tuple[int, int]]) -> Iterator[Cover]:
    """Yield a cover per range; ranges follow upon one another. One pass, in memory that does not grow."""
    digests = _Digests([to for _after, to in ranges])
    with connection.cursor() as cursor:
        cursor.copy_expert(_stream(table, columns, ranges[0][0], ranges[-1][1]).as_string(cursor.cursor), digests)
    while len(digests.closed) < len(ranges):
        digests.close()
    for (after, to), (count, digest) in zip(ranges, digests.closed, strict=True):
        yield Cover(table, columns, after, to, count, digest)


def lines_of(cover: Cover) -> bytes:
    """Return the very lines whose digest this cover is, as the database says them now."""
    stream = io.BytesIO()
    with connection.cursor() as cursor:
        query = _stream(cover.table, cover.columns, cover.after, cover.to)
        cursor.copy_expert(query.as_string(cursor.cursor), stream)
    return stream.getvalue()


def _stream(table: str, columns: tuple[str, ...], after: int, to: int) -> sql.Composed:
    moments = _MOMENTS[table]
    shown = [
        sql.SQL("(extract(epoch FROM {}) * 1000000)::bigint").format(sql.Identifier(column))
        if column in moments
        else sql.SQL("{}::text").format(sql.Identifier(column))
        for column in columns
    ]
    # The first range begins below every number: a row slipped in at nought or less is seen.
    low = sql.SQL("id > {} AND").format(sql.Literal(after)) if after else sql.SQL("")
    # By the column of the table: a bare "id" would be the text that is shown, and 10 would come before 9.
    return sql.SQL("COPY (SELECT {} FROM {} rows WHERE {} id <= {} ORDER BY rows.id) TO STDOUT").format(
        sql.SQL(", ").join(shown), sql.Identifier(table), low, sql.Literal(to)
    )


# --- verification ----------------------------------------------------------------------------------------------------


@dataclass
class AnchorProof:
    """The outcome of one verification of an anchor file."""

    anchors: int = 0
    rows: int = 0
    seconds: float = 0.0
    newest: str = ""
    made_at: str = ""
    faults: list[AnchorFault] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as the command prints them."""
        return {
            "anchors": self.anchors,
            "rows": self.rows,
            "newest_code": self.newest,
            "newest_at": self.made_at,
            "seconds": round(self.seconds, 3),
        }


def read_file(path: Path | None = None) -> list[Sealed | None]:
    """Return the lines of the anchor file; none when there is no such file."""
    path = path or settings.ANCHOR_FILE
    try:
        with path.open("rb") as lines:
            return list(read_lines(lines, settings.ANCHOR_KEY))
    except FileNotFoundError:
        return []


def prove_anchors(path: Path | None = None, *, printed: str = "") -> AnchorProof:
    """Check the lines of the file, and every digest against the rows of today.

    `printed` is a code from a bulletin that must be among them. Reads each covered row once.
    """
    begun = time.perf_counter()
    lines = read_file(path)
    proof = AnchorProof(anchors=len(lines), faults=faults_of_lines(lines))
    sealed = [line for line in lines if line is not None]
    if sealed:
        proof.newest, proof.made_at = short_code(sealed[-1].digest), sealed[-1].anchor.made_at
    else:
        proof.faults.append(AnchorFault(0, "empty"))
    if printed and printed.strip().upper() not in {short_code(line.digest) for line in sealed}:
        proof.faults.append(AnchorFault(0, "printed"))
    proof.faults += _gone(sealed)
    standing = read_seals()
    broken = [
        f for line in sealed if line.is_true for f in broken_seals(line.anchor.serial, line.anchor.seals, standing)
    ]
    # Each is told once, by the first anchor that it contradicts.
    proof.faults += {(fault.code, fault.table): fault for fault in reversed(broken)}.values()
    for fault, rows in _compared([line for line in sealed if line.is_true]):
        proof.rows += rows
        if fault is not None:
            proof.faults.append(fault)
    proof.seconds = time.perf_counter() - begun
    return proof


def _gone(sealed: Sequence[Sealed]) -> list[AnchorFault]:
    """Anchors that the database remembers and the file does not hold."""
    held = {line.anchor.serial: line.digest for line in sealed}
    marks = Anchor.objects.order_by("serial").values_list("serial", "digest")
    return [AnchorFault(serial, "gone") for serial, digest in marks.iterator() if held.get(serial) != digest]


def _compared(lines: Sequence[Sealed]) -> Iterator[tuple[AnchorFault | None, int]]:
    """Yield (fault or none, rows read) for every cover of every true line."""
    for table in COVERED:
        said = [(line.anchor.serial, one) for line in lines for one in line.anchor.covers if one.table == table]
        newest, given = _ends(table)
        if newest > given:
            yield AnchorFault(0, "beyond", table, given, newest), 0
        for group in _in_a_row(said):
            found = _covers(table, group[0][1].columns, [(one.after, one.to) for _serial, one in group])
            for (serial, one), rows in zip(group, found, strict=True):
                yield compare(serial, one, rows, newest), rows.count


def _ends(table: str) -> tuple[int, int]:
    """The greatest number in the table, and the last one that its sequence gave out."""
    newest = sql.SQL("SELECT coalesce(max(id), 0), coalesce(pg_sequence_last_value(%s::regclass), 0) FROM {}")
    with connection.cursor() as cursor:
        cursor.execute(newest.format(sql.Identifier(table)), [f"{table}_id_seq"])
        greatest, given = cursor.fetchone()
    return int(greatest), int(given)


def _in_a_row(said: list[tuple[int, Cover]]) -> list[list[tuple[int, Cover]]]:
    """Group the covers that can be read in one pass: each begins where the one before ended, with the same columns."""
    breaks = 0
    keys = []
    for number, (_serial, one) in enumerate(said):
        before = said[number - 1][1] if number else one
        if number and (one.after != before.to or one.columns != before.columns or one.to < one.after):
            breaks += 1
        keys.append(breaks)
    return [[pair for _key, pair in group] for _b, group in groupby(zip(keys, said, strict=True), key=lambda x: x[0])]
