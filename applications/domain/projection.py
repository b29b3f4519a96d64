"""What the events of a case say that its row, its clocks and their facts must be. Pure: events in, expected text out.

A case is one text: its moments, its clocks with their facts, its acceptor. The database prints what is stored in the
same form, so that whoever compares the two reads a case more closely only where they differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from applications.domain.ledger import HASHED
from applications.domain.lifecycle import ENDED, TABLE, Verb
from applications.domain.transitions import ClockKind

_SEQ, _VERB, _FROM, _TO, _AT = (HASHED.index(n) for n in ("seq", "verb", "from_status", "to_status", "at"))
_USER, _PERSON = (HASHED.index(name) for name in ("user_id", "person_code"))
# What the row of a case is compared by. The acceptor's code comes last in the text, its length with the moments.
CASE: Final = (
    "submitted_at",
    "received_at",
    "accepted_at",
    "decided_at",
    "ended_at",
    "accepted_by_id",
    "seat_path",
    "accepted_person",
)
_ACCEPTED, _ENDED_AT, _BY, _SEAT = (
    CASE.index(name) for name in ("accepted_at", "ended_at", "accepted_by_id", "seat_path")
)
_ENDED: Final = frozenset(status.value.encode() for status in ENDED)
_MOMENTS: Final = {
    Verb.SUBMIT.value.encode(): CASE.index("submitted_at"),
    Verb.RECEIVE.value.encode(): CASE.index("received_at"),
    Verb.GRANT.value.encode(): CASE.index("decided_at"),
    Verb.REFUSE.value.encode(): CASE.index("decided_at"),
}
_ACCEPT: Final = frozenset((Verb.ACCEPT.value.encode(), Verb.DEEM_ACCEPTED.value.encode()))
_ACCEPT_BY_HAND: Final = Verb.ACCEPT.value.encode()
_SUBMIT: Final = Verb.SUBMIT.value.encode()
# Every move that a verb makes, by the lifecycle table.
_LAWFUL: Final = frozenset(
    (row.verb.value.encode(), one.move.value.encode(), one.kind.value.encode()) for row in TABLE for one in row.clocks
)
# What runs through several organs counts against the one that holds the case.
_FOLLOWERS: Final = frozenset(
    kind.value.encode() for kind in (ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DELIVERY)
)
_UNTOLD: Final = b"?"  # a seat from before events told of seats
_STATES: Final = {b"pause": b"paused", b"resume": b"running", b"stop": b"stopped"}
# What a clock is compared by; then its facts.
CLOCK: Final = (
    "kind",
    "step_seq",
    "amount",
    "unit",
    "carried",
    "is_alone",
    "department_id",
    "seat_path",
    "state",
    "started_at",
    "stopped_at",
    "paused_at",
)
_CLOCK_SEAT: Final = CLOCK.index("seat_path")
_DEPARTMENT: Final = CLOCK.index("department_id")
FACT: Final = ("move", "event_seq", "at", "granted_until", "amount", "unit")
# Columns, facts of a clock, what is before its facts, clocks. What is missing is printed as nothing.
COLUMN, NEXT_FACT, FACTS, NEXT_CLOCK = b"|", b";", b">", b"!"  # none of them is in a path
_REMEMBERED: Final = 4096  # cases are told in much the same words

FAULTS: Final[dict[str, str]] = {
    "case_submitted_at": "提交时间与记录不符：被直接改动过。",
    "case_received_at": "收件时间与记录不符：被直接改动过。",
    "case_accepted_at": "受理时间与记录不符：被直接改动过。",
    "case_decided_at": "决定时间与记录不符：被直接改动过。",
    "case_ended_at": "办结时间与记录不符：被直接改动过。",
    "case_accepted_person": "受理人与记录不符：被直接改动过。",
    "case_accepted_by_id": "受理账号与记录不符：被直接改动过。",
    "case_seat_path": "办件所在的机构与记录不符：被直接改动过。",
    "move": "记录里的时限起停不是这种办理所能有的。",
    "clock_changed": "时限与记录不符：天数、机构、状态或起止时间被直接改动过。",
    "clock_missing": "记录里有的时限不见了：被直接删除过。",
    "clock_untold": "记录里没有这个时限：是直接写进去的。",
    "facts": "时限的起停经过与记录不符：有经过被改动、删除或添加过。",
}


class Told(NamedTuple):
    """A clock: its columns, and its facts, each a tuple."""

    clock: tuple[bytes, ...]
    facts: tuple[tuple[bytes, ...], ...]


class _Move(NamedTuple):
    """One move of a clock as an event tells it, with everything that can be printed before the moment is known."""

    kind: bytes
    move: bytes
    begins: bytes  # the first columns of the clock it starts
    since: int
    ends: bytes  # the last columns of its fact


@dataclass(slots=True)
class _Clock:
    """A clock on its way through the events."""

    begins: bytes
    seat: bytes
    started_at: bytes
    state: bytes = b"running"
    stopped_at: bytes = b""
    paused_at: bytes = b""
    facts: list[bytes] = field(default_factory=list)

    def text(self) -> bytes:
        facts = NEXT_FACT.join(self.facts)
        return b"%b|%b|%b|%b|%b|%b>%b" % (
            self.begins,
            self.seat,
            self.state,
            self.started_at,
            self.stopped_at,
            self.paused_at,
            facts,
        )


@dataclass(slots=True)
class Fold:
    """Takes the events of one case in their order: the columns of HASHED as the database prints them.

    `told_from` is 0 where the submission tells of clocks already. A case of the time before that is told from some
    later event on (its number), or not yet at all (None): what started earlier nothing can bear out.
    """

    seq: bytes = b"0"
    told_from: int | None = None
    is_lawful: bool = True
    _row: list[bytes] = field(default_factory=lambda: [b""] * len(CASE))
    _moments: list[bytes] = field(default_factory=list)
    _clocks: list[_Clock] = field(default_factory=list)
    _latest: dict[bytes, _Clock] = field(default_factory=dict)

    def feed(self, fields: Sequence[bytes], said: bytes, seat: bytes = b"") -> None:
        """Take one event, what it says of clocks, in JSON or nothing, and who holds the case from then on."""
        verb, at = fields[_VERB], fields[_AT]
        self.seq = fields[_SEQ]
        self._moments.append(at)
        if verb in _MOMENTS:
            self._row[_MOMENTS[verb]] = at
        if fields[_TO] in _ENDED and fields[_FROM] not in _ENDED:
            self._row[_ENDED_AT] = at
        moves = _moves(said) if said else ()
        if moves and self.told_from is None:
            self.told_from = 0 if verb == _SUBMIT else int(self.seq)
        if seat or verb == _SUBMIT:
            self._row[_SEAT] = seat or _UNTOLD
        for one in moves:
            self.is_lawful = self.is_lawful and (verb, one.move, one.kind) in _LAWFUL
            self._move(one, at)
        if seat:
            self._follow(seat)
        if verb in _ACCEPT:
            self._accept(moves, fields)

    def text(self) -> bytes:
        """Return what the case must be."""
        person = self._row[-1]
        row = COLUMN.join((*self._row[:-1], b"%d" % len(person)))
        return NEXT_CLOCK.join((row, NEXT_CLOCK.join([clock.text() for clock in self._clocks]), person))

    def _accept(self, moves: Iterable[_Move], fields: Sequence[bytes]) -> None:
        """Whoever accepts late records what the law did at the receipt: the moment is that of the earlier event."""
        since = next((one.since for one in moves if one.begins and one.since), 0)
        self._row[_ACCEPTED] = self._at(since, fields[_AT])
        if fields[_VERB] == _ACCEPT_BY_HAND:
            self._row[-1], self._row[_BY] = fields[_PERSON], fields[_USER]

    def _follow(self, seat: bytes) -> None:
        for kind in _FOLLOWERS & self._latest.keys():
            if self._latest[kind].state != b"stopped":
                self._latest[kind].seat = seat

    def _at(self, since: int, own: bytes) -> bytes:
        """The moment of an earlier event of the case, or its own."""
        return self._moments[since - 1] if 0 < since < len(self._moments) else own

    def _move(self, one: _Move, at: bytes) -> None:
        kind, move, begins, since, ends = one
        if begins:
            at = self._at(since, at) if since else at
            clock = self._latest[kind] = _Clock(begins, self._row[_SEAT], at)
            self._clocks.append(clock)
        elif kind in self._latest:
            clock = self._latest[kind]
            if move in _STATES:
                clock.state = _STATES[move]
                clock.paused_at = at if move == b"pause" else b""
                clock.stopped_at = at if move == b"stop" else clock.stopped_at
        else:
            return
        clock.facts.append(b"%b|%b|%b|%b" % (move, self.seq, at, ends))


def differences(told: bytes, stored: bytes, *, told_from: int | None) -> list[str]:
    """Return the codes of what the stored text of a case says otherwise than that of its events."""
    (row, clocks), (stored_row, stored_clocks) = _read(told), _read(stored)
    found = [
        f"case_{name}"
        for name, ours, theirs in zip(CASE, row, stored_row, strict=True)
        if ours not in (theirs, _UNTOLD if name == "seat_path" else theirs)
    ]
    clocks = [_seated(one, stored_clocks) for one in clocks]
    if told_from is None:
        return found
    stored_clocks = [one for one in stored_clocks if not _is_older(one, told_from)]
    silent = {_key(one) for one in clocks if not one.clock[_DEPARTMENT]}
    stored_clocks = [_without_department(one) if _key(one) in silent else one for one in stored_clocks]
    if sorted(stored_clocks) != sorted(clocks):
        found += _of_clocks(clocks, stored_clocks)
    return found


def _seated(one: Told, stored: Iterable[Told]) -> Told:
    """A clock whose seat no event tells yet has that of its row: nothing bears out another."""
    if one.clock[_CLOCK_SEAT] != _UNTOLD:
        return one
    seat = next((other.clock[_CLOCK_SEAT] for other in stored if _key(other) == _key(one)), _UNTOLD)
    return Told((*one.clock[:_CLOCK_SEAT], seat, *one.clock[_CLOCK_SEAT + 1 :]), one.facts)


def _is_older(one: Told, told_from: int) -> bool:
    """Whether the clock started before the events of its case told of clocks."""
    return int(_key(one)[1] or 0) < told_from


def _without_department(one: Told) -> Told:
    """The clock as the events told it before they named the department: what was filled in later is not compared."""
    columns = list(one.clock)
    columns[_DEPARTMENT] = b""
    return Told(tuple(columns), one.facts)


def _read(text: bytes) -> tuple[list[bytes], list[Told]]:
    """The row in the order of CASE, and the clocks."""
    row, _separator, behind = text.partition(NEXT_CLOCK)
    *columns, length = row.split(COLUMN)
    end = len(behind) - int(length)
    clocks, person = behind[: end - 1], behind[end:]
    return [*columns, person], [_told(one) for one in clocks.split(NEXT_CLOCK)] if clocks else []


def _told(text: bytes) -> Told:
    clock, _separator, facts = text.partition(FACTS)
    told = [tuple(fact.split(COLUMN)) for fact in facts.split(NEXT_FACT)] if facts else []
    return Told(tuple(clock.split(COLUMN)), tuple(told))


def _of_clocks(told: Iterable[Told], stored: Iterable[Told]) -> list[str]:
    """Name the difference: by the kind of each clock and the event that started it."""
    ours, theirs = {_key(one): one for one in told}, {_key(one): one for one in stored}
    found = {"clock_missing": bool(ours.keys() - theirs.keys()), "clock_untold": bool(theirs.keys() - ours.keys())}
    both = [(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()]
    found["clock_changed"] = any(mine.clock != other.clock for mine, other in both)
    found["facts"] = any(mine.facts != other.facts for mine, other in both)
    if not any(found.values()):
        found["clock_untold"] = True  # the same clock twice
    return [code for code, is_wrong in found.items() if is_wrong]


def _key(one: Told) -> tuple[bytes, bytes]:
    return one.clock[0], one.facts[0][1] if one.facts else b""


@lru_cache(maxsize=_REMEMBERED)
def _moves(said: bytes) -> tuple[_Move, ...]:
    told = json.loads(said)
    moves = [words for words in told if isinstance(words, dict)] if isinstance(told, list) else []
    special = next((words for words in moves if (words.get("kind"), words.get("move")) == ("special", "start")), {})
    return tuple(_one(words, special) for words in moves)


def _one(words: dict[str, Any], special: dict[str, Any]) -> _Move:
    """`special`: the procedure that the same event starts, whose days are those of the pauses it tells of."""
    kind, move, since = str(words.get("kind")), str(words.get("move")), words.get("since")
    given = {"extend": words, "pause": special}.get(move, {})
    more = [given.get("amount"), given.get("unit")]
    columns = [words.get("step"), words.get("amount"), words.get("unit"), words.get("carried")]
    columns += ["t" if words.get("alone") else "f", words.get("department")]
    begins = _print(kind, *columns) if move == "start" else b""
    return _Move(
        kind.encode(),
        move.encode(),
        begins,
        since if isinstance(since, int) else 0,
        _print(words.get("granted_until"), *more),
    )


def _print(*values: object) -> bytes:
    return COLUMN.join(b"" if value is None else str(value).encode() for value in values)
