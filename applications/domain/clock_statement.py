"""The clock statement (时限说明单) as plain values: one object for page, paper, API, command and villager. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from applications.domain.shares import Share
from halls.domain.worktime import day_of
from halls.domain.year_source import YearSource


@dataclass(frozen=True, slots=True)
class Act:
    """The event of the case behind a fact: its number in the chain, what was done, when, by whom."""

    seq: int
    verb: str
    label: str
    at: datetime
    person: str  # "" for those who may not know
    post: str
    place: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """One entry of the clock's ledger. `granted_until`: the granted days of a pause; `more`: of an extension."""

    move: str
    label: str
    at: datetime
    granted_until: date | None
    more: str
    note: str
    act: Act | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `part`: "limit", "unused" (behind the stop) or "over" (behind the due day, `n` starts anew)."""

    date: date
    counted: bool
    n: int | None
    reason: str
    provisional: bool
    part: str = "limit"


@dataclass(frozen=True, slots=True)
class Rung:
    """A warning or card of this clock, the rule that set it, and whether its moment has come."""

    level: str
    label: str
    at: datetime
    is_reached: bool
    rule: str
    basis: str


@dataclass(frozen=True, slots=True)
class ClockStatement:
    """A clock, explained. Moments are in Asia/Shanghai.

    `used`, `left` and `over` are working days, or hours of a limit in working hours (`unit`). `due_at` is None
    while it stands still, unless it was over before. The shares tile the clock: they add up to `used`.
    """

    clock_id: int
    kind: str
    label: str
    ground: str
    step_seq: int | None
    step: str
    state: str
    state_label: str
    budget: str
    extensions: tuple[str, ...]
    carried: int
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    provisional: bool
    why_provisional: str
    unit: str
    limit: int | None
    used: int
    left: int
    over: int
    summary: str
    plain: str
    calendars: tuple[YearSource, ...]
    facts: tuple[FactLine, ...]
    rungs: tuple[Rung, ...]
    days: tuple[Day, ...]
    shares: tuple[Share, ...]
    is_cut: bool = False  # more days are over than are written out

    @property
    def due_on(self) -> date | None:
        return day_of(self.due_at) if self.due_at else None

    @property
    def start(self) -> Act | None:
        return self.facts[0].act

    @property
    def since(self) -> datetime | None:
        """The earlier moment that counts, where the law starts the clock before the act that started it (视为受理)."""
        return self.started_at if self.start and self.start.at > self.started_at else None

    def masked(self) -> ClockStatement:
        """The same statement without the names and posts of the people who acted."""
        return replace(self, facts=tuple(_without_person(fact) for fact in self.facts))

    def as_dict(self) -> dict[str, Any]:
        """The statement for JSON: API and command write exactly this."""
        found: dict[str, Any] = _plain(asdict(self))
        return found | {
            "clock": found.pop("clock_id"),
            "due_on": self.due_on and self.due_on.isoformat(),
            "since": self.since and self.since.isoformat(),
        }


def _without_person(fact: FactLine) -> FactLine:
    return replace(fact, act=fact.act and replace(fact.act, person="", post=""))


def _plain(value: Any) -> Any:
    """The value for JSON: moments and days in ISO 8601."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
