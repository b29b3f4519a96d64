"""A clock: a budget and a ledger of facts in, dates out. Pure; nothing is ever counted up.

The facts are what happened (started, paused, resumed, stopped); every date is derived from them and
the work calendar, and is derived again whenever a fact or the calendar changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from applications.domain.card_rules import Level, Measure, Rule, Side, chosen
from applications.domain.transitions import ClockKind, ClockMove
from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import (
    Due,
    Pause,
    day_of,
    due,
    over_from,
    percent_from,
    start_of,
    used,
    warn_from,
    warn_hours,
)
from matters.domain.units import UNITS

WHOLE: Final = 100


@dataclass(frozen=True)
class Fact:
    """What happened to a clock: `more` of an extension; of a pause `granted`, and the last of its days as it was told.

    Working days that were granted end where the calendar of now ends them: a holiday within takes none of them away.
    """

    move: ClockMove
    at: datetime
    granted_until: date | None = None
    more: Budget | None = None
    granted: Budget | None = None

    def granted_through(self, calendar: WorkCalendar) -> date | None:
        """The last day that a pause was granted, under this calendar."""
        return self.granted_until if self.granted is None else granted_until(self.at, self.granted, calendar)


@dataclass(frozen=True)
class ClockFacts:
    """Everything a clock's dates depend on, besides calendar and rules."""

    kind: ClockKind
    budget: Budget
    facts: tuple[Fact, ...]
    carried: int = 0
    is_alone: bool = False
    is_immediate: bool = False

    @property
    def started_at(self) -> datetime:
        return self.facts[0].at

    @property
    def stopped_at(self) -> datetime | None:
        last = self.facts[-1]
        return last.at if last.move is ClockMove.STOP else None

    @property
    def paused_at(self) -> datetime | None:
        """Since when it stands still, or None while it does not."""
        open_fact: Fact | None = None
        for fact in self.facts:
            if fact.move is ClockMove.PAUSE:
                open_fact = fact
            elif fact.move in (ClockMove.RESUME, ClockMove.STOP):
                open_fact = None
        return open_fact.at if open_fact else None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def extensions(self) -> tuple[Budget, ...]:
        return tuple(fact.more for fact in self.facts if fact.move is ClockMove.EXTEND and fact.more)

    def before_the_pause(self) -> ClockFacts:
        """The same clock as if nobody had paused it last."""
        last = max(n for n, fact in enumerate(self.facts) if fact.move is ClockMove.PAUSE)
        return replace(self, facts=self.facts[:last] + self.facts[last + 1 :])

    def pauses(self, calendar: WorkCalendar) -> tuple[Pause, ...]:
        """The pauses of the ledger; one that is cut off by a stop ends there."""
        found: list[Pause] = []
        open_fact: Fact | None = None
        for fact in self.facts:
            if fact.move is ClockMove.PAUSE:
                open_fact = fact
            elif open_fact is not None and fact.move in (ClockMove.RESUME, ClockMove.STOP):
                found.append(Pause(day_of(open_fact.at), day_of(fact.at), open_fact.granted_through(calendar)))
                open_fact = None
        if open_fact is not None:
            found.append(Pause(day_of(open_fact.at), None, open_fact.granted_through(calendar)))
        return tuple(found)

    def days_used(self, moment: datetime, calendar: WorkCalendar) -> int:
        """Working days that count up to the day of `moment` (or of the stop)."""
        return used(self.started_at, self.stopped_at or moment, calendar, self.pauses(calendar))


@dataclass(frozen=True)
class Dates:
    """What is stored beside a clock so that it can be indexed."""

    due_at: datetime | None = None
    is_provisional: bool = False
    warn_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    next_action_at: datetime | None = None


def derive(clock: ClockFacts, calendar: WorkCalendar, rules: Iterable[Rule]) -> Dates:
    """Derive every date of a clock. A paused clock has none, so it cannot become overdue.

    A rung is reached after its moment. A stopped or paused clock keeps the rungs it passed while it ran, so a
    breach that no sweep saw in time is still found (`next_action_at`), and no pause hides it.
    """
    if clock.paused_at is not None:
        return _passed_before(clock.paused_at, derive(clock.before_the_pause(), calendar, rules))
    pauses = clock.pauses(calendar)
    end = _end(clock, calendar, pauses)
    rungs: dict[Level, datetime] = {}
    for rule in chosen(rule for rule in rules if _concerns(rule, clock)):
        moment = _rung(rule, clock, calendar, pauses)
        if moment is not None:
            rungs[rule.level] = min(moment, rungs.get(rule.level, moment))
    stopped = clock.stopped_at
    reached = [m for m in rungs.values() if stopped is None or m < stopped]
    return Dates(
        due_at=end.due_at,
        is_provisional=end.provisional,
        warn_at=rungs.get(Level.WARNING),
        yellow_at=rungs.get(Level.YELLOW),
        red_at=rungs.get(Level.RED),
        next_action_at=min(reached, default=None),
    )


def _passed_before(moment: datetime, dates: Dates) -> Dates:
    """Of these dates only what was passed before the moment."""

    def passed(at: datetime | None) -> datetime | None:
        return at if at is not None and at < moment else None

    rungs = {name: passed(getattr(dates, name)) for name in ("warn_at", "yellow_at", "red_at")}
    due_at = passed(dates.due_at)
    first = min((at for at in rungs.values() if at is not None), default=None)
    is_provisional = dates.is_provisional and due_at is not None
    return Dates(due_at=due_at, is_provisional=is_provisional, next_action_at=first, **rungs)


def _end(clock: ClockFacts, calendar: WorkCalendar, pauses: Sequence[Pause]) -> Due:
    if clock.kind is ClockKind.SPECIAL and clock.budget.unit is Unit.CALENDAR_DAY:
        # 公示 7 日 lasts until its seventh day ends; to conclude it, the organ has the working day behind it.
        last = granted_until(clock.started_at, clock.budget, calendar)
        return due(start_of(last), Budget(1), calendar)
    return due(clock.started_at, clock.budget, calendar, pauses, clock.extensions)


def _concerns(rule: Rule, clock: ClockFacts) -> bool:
    return rule.concerns(clock.kind, clock.budget.amount, is_alone=clock.is_alone, is_immediate=clock.is_immediate)


def _rung(rule: Rule, clock: ClockFacts, calendar: WorkCalendar, pauses: Sequence[Pause]) -> datetime | None:
    """Return when the rule's threshold is reached; see applications/domain/card_rules.py for what a rule can say."""
    limit = (clock.started_at, clock.budget, calendar, pauses, clock.extensions)
    match rule.side, rule.unit:
        case Side.LEFT, Measure.WORKING_DAY:
            return warn_from(rule.value, *limit)
        case Side.LEFT, Measure.WORKING_HOUR:
            return warn_hours(rule.value, *limit)
        case Side.LEFT, _:
            return percent_from(WHOLE - rule.value, *limit)
        case Side.TOTAL, Measure.WORKING_DAY:
            return due(clock.started_at, Budget(rule.value), calendar, pauses).due_at
        case Side.TOTAL, _:
            return percent_from(rule.value, *limit)
    over = rule.value
    if rule.unit is Measure.MULTIPLE:
        over *= max(clock.budget.amount - clock.carried, 1)
    if clock.kind is ClockKind.SPECIAL and clock.budget.unit is Unit.CALENDAR_DAY:
        end = _end(clock, calendar, pauses)
        assert end.due_at is not None  # a special procedure is never paused
        return due(end.due_at, Budget(over), calendar).due_at if over else end.due_at
    return over_from(Budget(over), *limit)


def step_budget(slice_days: int, cumulative_before: int, used_before: int) -> tuple[Budget, int]:
    """The budget of a step with the time that earlier steps left over, and how much that was.

    `cumulative_before`: what all earlier steps had together, extensions included.

    A step that finished early hands its unused days on; a step that was late takes nothing from
    the next one: that always has its own slice. A step without a slice has a day to begin.
    """
    carried = max(cumulative_before - used_before, 0)
    own = max(slice_days, 1) if carried == 0 else slice_days
    return Budget(own + carried), carried


def guide_budget(amount: int, unit: str) -> Budget:
    """The budget of a limit as a guide writes it (wh, wd, cd, mo, y)."""
    return Budget(amount, UNITS[unit])


def granted_until(start: datetime, budget: Budget, calendar: WorkCalendar) -> date:
    """The last day that does not count of a special procedure begun at `start` with `budget`."""
    if budget.unit is Unit.CALENDAR_DAY:
        return date.fromordinal(day_of(start).toordinal() + budget.amount)
    end = due(start, budget, calendar).due_on
    assert end is not None  # nothing pauses a special procedure
    return end
