"""Clocks of one case under its lock: what an act does to them is told in its event, then written.

The only writer of Clock and ClockFact, but for the sweep's bookmark (`next_action_at`). `apply` moves them in memory
and collects what the event has to tell (`told`); `write` comes after the event, because the database accepts of them
only what an event tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from applications.domain.clock import ClockFacts, derive
from applications.domain.transitions import ClockKind, ClockMove, Effect
from applications.models import Application, Clock, ClockFact
from applications.selectors.case_dates import DERIVED, project
from applications.selectors.clock_facts import clock_facts
from applications.selectors.rules import rulebook
from halls.domain.budget import Budget
from halls.domain.worktime import SHANGHAI, day_of
from halls.selectors.work_calendar import Moment
from matters.domain.units import UNITS

_UNIT_CODES = {unit: code for code, unit in UNITS.items()}
STATE = ("state", "stopped_at", "paused_at", "seat_path", "event_seq")


@dataclass(frozen=True)
class Since:
    """An earlier event of the same case, from which a clock runs."""

    seq: int
    at: datetime


@dataclass(frozen=True)
class Start:
    """What a clock is started with; it runs from the act itself unless `since` names an earlier event."""

    budget: Budget
    step_seq: int | None = None
    carried: int = 0
    is_alone: bool = False
    since: Since | None = None
    promise: int | None = None  # the decision of the hall (matters.HallPromise) that it rests on; None: the guide


@dataclass
class Case:
    """The clocks of one locked case: read once, moved in memory, written once."""

    application: Application
    moment: Moment
    event_seq: int
    clocks: dict[ClockKind, Clock] = field(default_factory=dict)
    facts: dict[int, list[ClockFact]] = field(default_factory=dict)
    new_facts: list[tuple[Clock, ClockFact]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    _read: list[Clock] = field(default_factory=list)
    _moved: dict[int, Clock] = field(default_factory=dict)

    @classmethod
    def load(cls, application: Application, moment: Moment, *, is_whole: bool = False) -> Case:
        """Read the open clocks (`is_whole`: all of them) and their facts: one statement."""
        case = cls(application, moment, application.event_seq + 1)
        rows = ClockFact.objects.filter(clock__application=application).select_related("clock")
        if not is_whole:
            rows = rows.exclude(clock__state=Clock.State.STOPPED)
        for fact in rows.order_by("clock_id", "pk"):
            if fact.clock_id not in case.facts:
                case._read.append(fact.clock)
                case.clocks[ClockKind(fact.clock.kind)] = fact.clock
            case.facts.setdefault(fact.clock_id, []).append(fact)
        return case

    def every_clock(self) -> list[Clock]:
        """All that was read, the oldest first: with `is_whole`, every clock the case ever had."""
        return self._read

    def facts_of(self, clock: Clock) -> ClockFacts:
        ledger = [*self.facts.get(clock.pk, ()), *(f for c, f in self.new_facts if c is clock)]
        return clock_facts(clock, ledger, is_immediate=self.application.guide.is_immediate)

    def apply(
        self,
        effects: Iterable[Effect],
        starts: Mapping[ClockKind, Start],
        granted_until: date | None = None,
        more: Mapping[ClockKind, Budget] | None = None,
    ) -> None:
        """Move the clocks as the table says.

        A clock to start that is not in `starts` stays off; one to extend that is not in `more` stays as it is.
        """
        for effect in effects:
            clock = self.clocks.get(effect.kind)
            if effect.move is ClockMove.START:
                if effect.kind in starts:
                    self._start(effect.kind, starts[effect.kind])
            elif clock is None:
                continue
            elif effect.move is not ClockMove.EXTEND:
                self._move(clock, effect.move, granted_until, starts.get(ClockKind.SPECIAL))
            elif more and effect.kind in more:
                self._extend(clock, more[effect.kind])
        self._follow_the_seat()
        self.rewrite()

    def _start(self, kind: ClockKind, start: Start) -> None:
        clock = Clock(
            application=self.application,
            kind=kind,
            step_seq=start.step_seq,
            seat_path=self.application.seat_path,
            amount=start.budget.amount,
            unit=_UNIT_CODES[start.budget.unit],
            carried=start.carried,
            is_alone=start.is_alone,
            department_id=self._department_at(start.since),
            started_at=start.since.at if start.since else self.moment.at,
        )
        self.clocks[kind] = clock
        words: dict[str, Any] = {"amount": clock.amount, "unit": clock.unit, "carried": clock.carried}
        words |= {"alone": clock.is_alone, "step": clock.step_seq, "department": clock.department_id}
        words |= {"since": start.since.seq} if start.since else {}
        self._tell(clock, ClockMove.START, words | ({"promise": start.promise} if start.promise else {}))

    def _department_at(self, since: Since | None) -> int | None:
        """Whose rules govern what starts: the matter's department, or that of the day from which the clock runs."""
        earlier = [clock for clock in self._read if since is not None and clock.started_at == since.at]
        return earlier[0].department_id if earlier else self.application.matter.department_id

    def _move(self, clock: Clock, move: ClockMove, granted_until: date | None, special: Start | None) -> None:
        is_pause = move is ClockMove.PAUSE
        clock.state = {
            ClockMove.PAUSE: Clock.State.PAUSED,
            ClockMove.RESUME: Clock.State.RUNNING,
            ClockMove.STOP: Clock.State.STOPPED,
        }[move]
        clock.paused_at = self.moment.at if is_pause else None
        clock.stopped_at = self.moment.at if move is ClockMove.STOP else None
        words = {"granted_until": granted_until.isoformat()} if is_pause and granted_until else {}
        columns: dict[str, Any] = {"granted_until": granted_until if is_pause else None}
        if is_pause and special is not None:  # told once: as the start of the procedure
            columns |= {"amount": special.budget.amount, "unit": _UNIT_CODES[special.budget.unit]}
        self._tell(clock, move, words, **columns)

    def _extend(self, clock: Clock, more: Budget) -> None:
        words = {"amount": more.amount, "unit": _UNIT_CODES[more.unit]}
        self._tell(clock, ClockMove.EXTEND, words, **words)

    def _tell(self, clock: Clock, move: ClockMove, words: Mapping[str, Any], **columns: Any) -> None:
        at = clock.started_at if move is ClockMove.START else self.moment.at
        self.new_facts.append((clock, ClockFact(move=move, at=at, event_seq=self.event_seq, **columns)))
        self.told.append({"kind": clock.kind, "move": move.value, **words})
        self._moved[id(clock)] = clock

    def _follow_the_seat(self) -> None:
        """What runs through several organs counts against the one that holds the case when it is over."""
        for kind in (ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DELIVERY):
            clock = self.clocks.get(kind)
            seat = self.application.seat_path
            if clock is not None and clock.state != Clock.State.STOPPED and clock.seat_path != seat:
                clock.seat_path = seat
                self._moved[id(clock)] = clock

    def rewrite(self) -> None:
        """Derive the dates of what moved, and bring the row's own dates in line."""
        for clock in self._moved.values():
            self.derive(clock)
        project(self.application, self.clocks.values())

    def derive(self, clock: Clock) -> bool:
        """Derive the dates of one clock anew, by the rules of the day it started; returns whether any changed."""
        day = day_of(clock.started_at)
        matter_id = self.application.matter_id
        rules = rulebook(day).governing(ClockKind(clock.kind), day, matter_id, clock.department_id)
        dates = derive(self.facts_of(clock), self.moment.calendar, rules)
        before = {name: getattr(clock, name) for name in DERIVED}
        for name in DERIVED:
            setattr(clock, name, getattr(dates, name))
        return before != {name: getattr(clock, name) for name in DERIVED}

    def touch(self, clock: Clock) -> None:
        """Let this clock be written with the event, though the event did not move it (its dates changed)."""
        self._moved[id(clock)] = clock

    def happened(self, at: datetime) -> None:
        """Take over the moment that the database gave the event, where it is not the one computed with."""
        if at == self.moment.at:
            return
        before, self.moment = self.moment.at, Moment(at.astimezone(SHANGHAI), self.moment.calendar)
        for clock in self._moved.values():
            for name in ("started_at", "paused_at", "stopped_at"):
                if getattr(clock, name) == before:
                    setattr(clock, name, self.moment.at)
        for _clock, fact in self.new_facts:
            fact.at = self.moment.at if fact.at == before else fact.at
        self.rewrite()

    def write(self) -> None:
        """Write what moved, after its event: at most three statements, none when nothing did."""
        moved = self._moved.values()
        for clock in moved:
            clock.event_seq = self.event_seq
        old = [clock for clock in moved if not clock._state.adding]
        if old:
            Clock.objects.bulk_update(old, [*STATE, *DERIVED])
        # After the update: a stopped clock makes room for its successor (clock_one_open_per_kind).
        Clock.objects.bulk_create([clock for clock in moved if clock._state.adding])
        for clock, fact in self.new_facts:
            fact.clock = clock
        ClockFact.objects.bulk_create([fact for _clock, fact in self.new_facts])
