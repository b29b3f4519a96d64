"""Clocks of one case under its lock: move them, then rewrite every derived date.

The only writer of Clock and ClockFact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from applications.domain.clock import ClockFacts, Fact, Rule, derive, guide_budget
from applications.domain.transitions import ClockKind, ClockMove, Effect
from applications.models import Application, Clock, ClockFact
from applications.selectors.rules import rules_in_force
from halls.domain.budget import Budget
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from matters.domain.units import UNITS

_UNIT_CODES = {unit: code for code, unit in UNITS.items()}
# The clocks whose state colours a row; the applicant's own clock and the special procedure do not.
LIGHT_KINDS = (
    ClockKind.PRE_REVIEW,
    ClockKind.ACCEPTANCE,
    ClockKind.PROMISED,
    ClockKind.STATUTORY,
    ClockKind.STEP,
    ClockKind.DELIVERY,
)


@dataclass(frozen=True)
class Start:
    """What a clock is started with."""

    budget: Budget
    step_seq: int | None = None
    carried: int = 0
    is_alone: bool = False


@dataclass
class Case:
    """The clocks of one locked case: read once, moved in memory, written once."""

    application: Application
    moment: Moment
    event_seq: int
    clocks: dict[ClockKind, Clock] = field(default_factory=dict)
    facts: dict[int, list[ClockFact]] = field(default_factory=dict)
    new_facts: list[tuple[Clock, ClockFact]] = field(default_factory=list)

    @classmethod
    def load(cls, application: Application, moment: Moment) -> Case:
        """Read the open clocks and their facts: one statement."""
        case = cls(application, moment, application.event_seq + 1)
        rows = (
            ClockFact.objects.filter(clock__application=application)
            .exclude(clock__state=Clock.State.STOPPED)
            .select_related("clock")
            .order_by("clock_id", "pk")
        )
        for fact in rows:
            case.clocks.setdefault(ClockKind(fact.clock.kind), fact.clock)
            case.facts.setdefault(fact.clock_id, []).append(fact)
        return case

    def facts_of(self, clock: Clock) -> ClockFacts:
        ledger = [*self.facts.get(clock.pk, ()), *(f for c, f in self.new_facts if c is clock)]
        return ClockFacts(
            kind=ClockKind(clock.kind),
            budget=guide_budget(clock.amount, clock.unit),
            facts=tuple(Fact(ClockMove(f.move), f.at, f.granted_until) for f in ledger),
            carried=clock.carried,
            is_alone=clock.is_alone,
        )

    def apply(
        self,
        effects: Iterable[Effect],
        starts: dict[ClockKind, Start],
        granted_until: date | None = None,
    ) -> None:
        """Move the clocks as the table says; a clock to start that is not in `starts` stays off."""
        for effect in effects:
            clock = self.clocks.get(effect.kind)
            if effect.move is ClockMove.START:
                if effect.kind in starts:
                    self._start(effect.kind, starts[effect.kind])
            elif clock is not None:
                self._move(clock, effect.move, granted_until)

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
            started_at=self.moment.at,
        )
        self.clocks[kind] = clock
        self._note(clock, ClockMove.START)

    def _move(self, clock: Clock, move: ClockMove, granted_until: date | None) -> None:
        if move is ClockMove.PAUSE:
            clock.state = Clock.State.PAUSED
        elif move is ClockMove.RESUME:
            clock.state = Clock.State.RUNNING
        else:
            clock.state = Clock.State.STOPPED
            clock.stopped_at = self.moment.at
        self._note(clock, move, granted_until if move is ClockMove.PAUSE else None)

    def _note(self, clock: Clock, move: ClockMove, granted_until: date | None = None) -> None:
        fact = ClockFact(move=move, at=self.moment.at, granted_until=granted_until, event_seq=self.event_seq)
        self.new_facts.append((clock, fact))

    def write(self) -> None:
        """Write what changed: at most three statements, none when nothing moved."""
        touched = {id(clock): clock for clock, _fact in self.new_facts}
        touched |= {id(clock): clock for clock in self._follow_the_seat()}
        rules = rules_in_force(day_of(self.moment.at))
        for clock in touched.values():
            self.rewrite(clock, rules)
        old = [c for c in touched.values() if not c._state.adding]
        if old:
            Clock.objects.bulk_update(old, ["state", "stopped_at", "seat_path", *DERIVED])
        # After the update: a stopped clock makes room for its successor (clock_one_open_per_kind).
        Clock.objects.bulk_create([c for c in touched.values() if c._state.adding])
        for clock, fact in self.new_facts:
            fact.clock = clock
        ClockFact.objects.bulk_create([fact for _clock, fact in self.new_facts])
        self.project()

    def _follow_the_seat(self) -> list[Clock]:
        """What runs through several organs counts against the one that holds the case when it is over."""
        moved = []
        for kind in (ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DELIVERY):
            clock = self.clocks.get(kind)
            seat = self.application.seat_path
            if clock is not None and clock.state != Clock.State.STOPPED and clock.seat_path != seat:
                clock.seat_path = seat
                moved.append(clock)
        return moved

    def rewrite(self, clock: Clock, rules: tuple[Rule, ...]) -> bool:
        """Derive the dates of one clock anew; returns whether anything changed."""
        dates = derive(self.facts_of(clock), self.moment.calendar, rules)
        before = {name: getattr(clock, name) for name in DERIVED}
        for name in DERIVED:
            setattr(clock, name, getattr(dates, name))
        return before != {name: getattr(clock, name) for name in DERIVED}

    def project(self) -> None:
        """Bring the row's own dates in line with its clocks."""
        project(self.application, self.clocks.values())


def project(application: Application, clocks: Iterable[Clock]) -> None:
    """Set the row's own dates from its clocks, the latest of a kind last.

    A date that leans on an unpublished year makes the row provisional, whichever clock gave it.
    """
    clocks = list(clocks)
    running = [c for c in clocks if c.kind in LIGHT_KINDS and c.state == Clock.State.RUNNING]
    application.warn_at = min((c.warn_at for c in running if c.warn_at), default=None)
    application.late_at = min((c.due_at for c in running if c.due_at), default=None)
    promised = [c for c in clocks if c.kind == ClockKind.PROMISED]
    if promised:
        application.due_at = promised[-1].due_at
    shown = [*promised[-1:], *(c for c in running if c.due_at == application.late_at)]
    if shown:
        application.is_provisional = any(c.is_provisional for c in shown)


DERIVED = ("due_at", "is_provisional", "warn_at", "yellow_at", "red_at", "next_action_at")
