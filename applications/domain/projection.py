"""What the events of a case say that its row, its clocks and their facts must be. Pure: events in, expected rows out.

Everything is compared as the text that the database prints, so that nothing is converted on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from applications.domain.ledger import HASHED
from applications.domain.lifecycle import ENDED, Verb

_SEQ, _VERB, _FROM, _TO, _AT = (HASHED.index(n) for n in ("seq", "verb", "from_status", "to_status", "at"))
_USER, _PERSON, _DETAIL = (HASHED.index(name) for name in ("user_id", "person_code", "detail"))
_ENDED: Final = frozenset(status.value.encode() for status in ENDED)
_MOMENTS: Final = {
    Verb.SUBMIT.value.encode(): "submitted_at",
    Verb.RECEIVE.value.encode(): "received_at",
    Verb.GRANT.value.encode(): "decided_at",
    Verb.REFUSE.value.encode(): "decided_at",
}
_ACCEPT: Final = frozenset((Verb.ACCEPT.value.encode(), Verb.DEEM_ACCEPTED.value.encode()))
_SUBMIT: Final = Verb.SUBMIT.value.encode()
_STATES: Final = {"start": b"running", "pause": b"paused", "resume": b"running", "stop": b"stopped"}
# What the row of a case is compared by, in the order in which it is read.
CASE: Final = (
    "submitted_at",
    "received_at",
    "accepted_at",
    "decided_at",
    "ended_at",
    "accepted_person",
    "accepted_by_id",
)
# What a clock is compared by; then its facts.
CLOCK: Final = (
    "kind",
    "step_seq",
    "amount",
    "unit",
    "carried",
    "is_alone",
    "state",
    "started_at",
    "stopped_at",
    "paused_at",
)
FACT: Final = ("move", "event_seq", "at", "granted_until", "amount", "unit")
NOTHING: Final = b"\\N"  # how the database prints a missing value

FAULTS: Final[dict[str, str]] = {
    "case_submitted_at": "提交时间与记录不符：被直接改动过。",
    "case_received_at": "收件时间与记录不符：被直接改动过。",
    "case_accepted_at": "受理时间与记录不符：被直接改动过。",
    "case_decided_at": "决定时间与记录不符：被直接改动过。",
    "case_ended_at": "办结时间与记录不符：被直接改动过。",
    "case_accepted_person": "受理人与记录不符：被直接改动过。",
    "case_accepted_by_id": "受理账号与记录不符：被直接改动过。",
    "clock_changed": "时限与记录不符：天数、状态或起止时间被直接改动过。",
    "clock_missing": "记录里有的时限不见了：被直接删除过。",
    "clock_untold": "记录里没有这个时限：是直接写进去的。",
    "facts": "时限的起停经过与记录不符：有经过被改动、删除或添加过。",
}


class Told(NamedTuple):
    """A clock as the events tell it: its columns, and its facts, each a tuple."""

    clock: tuple[bytes, ...]
    facts: tuple[tuple[bytes, ...], ...]


@dataclass(slots=True)
class _Clock:
    """A clock on its way through the events."""

    kind: bytes
    step: bytes
    amount: bytes
    unit: bytes
    carried: bytes
    alone: bytes
    started_at: bytes
    state: bytes = b"running"
    stopped_at: bytes = NOTHING
    paused_at: bytes = NOTHING
    facts: list[tuple[bytes, ...]] = field(default_factory=list)

    def told(self) -> Told:
        columns = (
            self.kind,
            self.step,
            self.amount,
            self.unit,
            self.carried,
            self.alone,
            self.state,
            self.started_at,
            self.stopped_at,
            self.paused_at,
        )
        return Told(columns, tuple(self.facts))


@dataclass(slots=True)
class Expected:
    """What the events of one case say.

    `is_told` is False for a case of the time before events told of clocks: its submission says nothing of one.
    """

    seq: int = 0
    row: dict[str, bytes] = field(default_factory=dict)
    is_told: bool = False
    clocks: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class Fold:
    """Takes events ordered by case and seq, and keeps what they say of each case until it is collected."""

    _cases: dict[bytes, Expected] = field(default_factory=dict)
    _application: bytes = b""
    _case: Expected = field(default_factory=Expected)
    _moments: list[bytes] = field(default_factory=list)
    _clocks: list[_Clock] = field(default_factory=list)

    def feed(self, fields: Sequence[bytes]) -> None:
        """Take one event: the columns of HASHED as the database prints them."""
        if fields[0] != self._application:
            self._close()
            self._application, self._case = fields[0], Expected()
            self._moments, self._clocks = [], []
        self._moments.append(fields[_AT])
        case, verb, detail = self._case, fields[_VERB], fields[_DETAIL]
        case.seq = int(fields[_SEQ])
        if verb in _MOMENTS:
            case.row[_MOMENTS[verb]] = fields[_AT]
        if fields[_TO] in _ENDED and fields[_FROM] not in _ENDED:
            case.row["ended_at"] = fields[_AT]
        said = _said(detail) if b'"clocks"' in detail else ()
        if verb == _SUBMIT:
            case.is_told = bool(said)
        for one in said:
            self._move(one, fields)
        if verb in _ACCEPT:
            self._accept(said, fields)

    def collect(self) -> dict[bytes, Expected]:
        """Hand over the cases fed so far, and forget them."""
        self._close()
        self._application = b""
        found, self._cases = self._cases, {}
        return found

    def _close(self) -> None:
        if self._application:
            self._case.clocks = [clock.told() for clock in self._clocks]
            self._cases[self._application] = self._case

    def _accept(self, said: Iterable[Mapping[str, Any]], fields: Sequence[bytes]) -> None:
        """Whoever accepts late records what the law did at the receipt: the moment is that of the earlier event."""
        row = self._case.row
        since = next((one["since"] for one in said if one.get("move") == "start" and one.get("since")), None)
        row["accepted_at"] = self._at(since, fields[_AT])
        if fields[_VERB] == Verb.ACCEPT.value.encode():
            row["accepted_person"], row["accepted_by_id"] = fields[_PERSON], fields[_USER]

    def _at(self, since: object, own: bytes) -> bytes:
        """The moment of an earlier event of the case, or its own."""
        is_earlier = isinstance(since, int) and 0 < since < len(self._moments)
        return self._moments[since - 1] if is_earlier and isinstance(since, int) else own

    def _move(self, one: Mapping[str, Any], fields: Sequence[bytes]) -> None:
        kind, move, at = str(one.get("kind")).encode(), str(one.get("move")), fields[_AT]
        if move == "start":
            at = self._at(one.get("since"), at)
            self._clocks.append(
                _Clock(
                    kind,
                    _text(one.get("step")),
                    _text(one.get("amount")),
                    _text(one.get("unit")),
                    _text(one.get("carried")),
                    b"t" if one.get("alone") else b"f",
                    at,
                )
            )
        clock = next((c for c in reversed(self._clocks) if c.kind == kind), None)
        if clock is None:
            return
        clock.state = _STATES.get(move, clock.state)
        clock.stopped_at = at if move == "stop" else clock.stopped_at
        clock.paused_at = at if move == "pause" else NOTHING if move in ("resume", "stop") else clock.paused_at
        is_more = move == "extend"
        clock.facts.append(
            (
                move.encode(),
                fields[_SEQ],
                at,
                _blank(one.get("granted_until")),
                _blank(one.get("amount") if is_more else None),
                _blank(one.get("unit") if is_more else None),
            )
        )


def differences(expected: Expected, row: Sequence[bytes], clocks: Sequence[Told]) -> list[str]:
    """Return the codes of what the stored case says otherwise than its events; `row` in the order of CASE."""
    found = [
        f"case_{name}"
        for name, stored in zip(CASE, row, strict=True)
        if stored != expected.row.get(name, b"" if name == "accepted_person" else NOTHING)
    ]
    if expected.is_told and sorted(clocks) != sorted(expected.clocks):
        found += _of_clocks(expected.clocks, clocks)
    return found


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


def _said(detail: bytes) -> Sequence[Mapping[str, Any]]:
    said = json.loads(detail).get("clocks")
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _text(value: object) -> bytes:
    return NOTHING if value is None else str(value).encode()


def _blank(value: object) -> bytes:
    """As the facts of a clock are read: in one text, where nothing is nothing."""
    return b"" if value is None else str(value).encode()
