"""The chain of events, checked link by link. Pure: rows in, faults out.

It computes every hash anew and by itself: what the database's trigger wrote is the claim, not the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

from applications.domain.lifecycle import TABLE, Status, Verb

# The columns of an event in the order in which they are hashed; `at` in microseconds since 1970, `hash` behind them.
HASHED: Final = (
    "application_id", "seq", "verb", "from_status", "to_status", "at", "user_id", "person_code", "actor_name",
    "actor_post", "place", "reason", "detail", "prev_hash",
)  # fmt: skip
_LAST: Final = len(HASHED)
_FRAMES: Final = b"%d:%b;" * _LAST

FAULTS: Final[dict[str, str]] = {
    "hash": "内容与摘要不符：这一条被改动过。",
    "link": "与上一条的摘要接不上：上一条被改动、替换或删除过。",
    "gap": "序号不连续：中间有记录被删除或插入过。",
    "time": "时间早于上一条。",
    "status_chain": "起始状态与上一条的结果状态不符。",
    "edge": "办理流程中没有这样的一步。",
    "no_events": "办件没有任何记录。",
    "head_seq": "办件登记的最后序号与记录不符：末尾的记录被删除或添加过。",
    "head_hash": "办件登记的最后摘要与记录不符：末尾的记录被替换过。",
    "head_status": "办件的状态与最后一条记录不符：状态被直接改动过。",
    "orphan": "记录所属的办件不存在。",
    "no_limit": "办件没有在走的时限：按现在的状态应当有。",
    "measure": "时限的天数不是办事指南、办理环节或法律给的。",
    "rules": "红黄牌规则与签署时的摘要不符：规则被直接改动过。",
    "calendar": "工作日历与最近签署的通知不符：日历被直接改动过。",
    "clock": "数据库的办件时钟可以被拨动，记录的时间不可信。",
}


def _edges() -> frozenset[tuple[bytes, bytes, bytes]]:
    """Every (verb, from, to) that the lifecycle table allows."""
    found = {(Verb.DRAFT.value, "", Status.DRAFT.value)}
    for row in TABLE:
        found |= {(row.verb.value, source.value, (row.target or source).value) for source in row.sources}
    return frozenset((verb.encode(), source.encode(), target.encode()) for verb, source, target in found)


EDGES: Final = _edges()


class Fault(NamedTuple):
    """What is wrong with one event (seq 0: with the case as a whole)."""

    application: int
    seq: int
    code: str


def event_text(fields: Sequence[bytes]) -> bytes:
    """Every field with its length in bytes in front, so that two different rows never give the same text."""
    framed: list[int | bytes] = [0] * (2 * _LAST)
    framed[0::2] = map(len, fields)
    framed[1::2] = fields
    return _FRAMES % tuple(framed)


@dataclass(slots=True)
class Chain:
    """Takes the events of all cases, ordered by case and seq, and collects what is wrong with them."""

    events: int = 0
    applications: int = 0
    _application: bytes = b""
    _seq: int = 0
    _at: int = 0
    _status: bytes = b""
    _hash: bytes = b""

    def feed(self, fields: Sequence[bytes]) -> list[Fault]:
        """Check one event: the columns of HASHED, then its hash, as the database prints them."""
        application, number, verb, source, target, moment, *_rest, prev_hash, own_hash = fields
        if application != self._application:
            self.applications += 1
            self._application, self._seq, self._at, self._status, self._hash = application, 0, 0, b"", b""
        self.events += 1
        seq, at = int(number), int(moment)
        sound = (
            prev_hash == self._hash
            and seq == self._seq + 1
            and source == self._status
            and at >= self._at
            and (verb, source, target) in EDGES
            and sha256(event_text(fields[:_LAST])).hexdigest().encode() == own_hash
        )
        faults = [] if sound else self._faults(fields, seq, at)
        self._seq, self._at, self._status, self._hash = seq, at, target, own_hash
        return faults

    def _faults(self, fields: Sequence[bytes], seq: int, at: int) -> list[Fault]:
        wrong = {
            "gap": seq != self._seq + 1,
            "hash": sha256(event_text(fields[:_LAST])).hexdigest().encode() != fields[_LAST],
            "link": fields[13] != self._hash,
            "time": at < self._at,
            "status_chain": fields[3] != self._status,
            "edge": (fields[2], fields[3], fields[4]) not in EDGES,
        }
        return [Fault(int(fields[0]), seq, code) for code, is_wrong in wrong.items() if is_wrong]
