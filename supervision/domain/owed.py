"""Whether a warning or card is owed by the facts of its clock, under a calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from applications.domain.card_rules import Rule
from applications.domain.clock import ClockFacts, Dates, derive
from applications.domain.transitions import ClockMove
from halls.domain.calendar import WorkCalendar

RUNGS = {"warning": "warn_at", "yellow": "yellow_at", "red": "red_at"}
# What arms the warning of a clock anew (the database: `supervision_armed`). The pause and not the resumption, which is
# recorded when somebody finds the time.
ARMING = (ClockMove.EXTEND, ClockMove.PAUSE)


def rung_of(dates: Dates, level: str) -> datetime | None:
    moment: datetime | None = getattr(dates, RUNGS[level])
    return moment


def is_reached(dates: Dates, level: str, clock: ClockFacts, now: datetime) -> bool:
    """Whether the clock passed the rung while it ran."""
    moment, stopped = rung_of(dates, level), clock.stopped_at
    return moment is not None and moment < (min(now, stopped) if stopped else now)


def was_earned(
    clock: ClockFacts, level: str, effective_at: datetime, now: datetime, calendar: WorkCalendar, rules: Iterable[Rule]
) -> bool:
    """Whether a card that took effect then is borne out by this calendar.

    It is when the clock, as it stood then, passed the rung before anything else happened to it, or when it has
    passed the rung since: what was extended or paused afterwards does not take a card away.
    """
    rules = tuple(rules)
    before = tuple(fact for fact in clock.facts if fact.at <= effective_at)
    later = next((fact.at for fact in clock.facts if fact.at > effective_at), None)
    if before:
        moment = rung_of(derive(replace(clock, facts=before), calendar, rules), level)
        if moment is not None and moment < (min(now, later) if later else now):
            return True
    return is_reached(derive(clock, calendar, rules), level, clock, now)


def says_it(clock: ClockFacts, level: str, effective_at: datetime, moment: datetime | None) -> bool:
    """Whether a card that took effect then stands for the rung at this moment, too.

    A warning does not where the clock was extended or paused in between: the rung warns once more.
    """
    if level != "warning" or moment is None:
        return True
    return not any(fact.move in ARMING and effective_at < fact.at <= moment for fact in clock.facts)
