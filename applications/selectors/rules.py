"""The sets of card rules that were ever put into force, read at most twice a minute per process.

A set is never in force before the day after it was confirmed: what was read on a day is complete for every clock that
started by then, and a clock of a later day has the sets read anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.db.models import DateTimeField, Func

from applications.domain.card_rules import Rule
from applications.domain.rule_file import Entry
from applications.domain.transitions import ClockKind
from applications.models import RuleSet
from halls.domain.worktime import day_of

_TTL = 30.0
# A confirmation just before midnight may reach the table a moment after it.
_SETTLING = timedelta(seconds=_TTL)
_lock = Lock()


@dataclass(frozen=True)
class Standing:
    """A confirmed set, where and when it governs, and its rules by clock."""

    set_id: int
    department_id: int | None
    matter_id: int | None
    effective_on: date
    ended_on: date | None
    rules: Mapping[ClockKind, tuple[Rule, ...]]
    entries: tuple[Entry, ...]

    def governs(self, day: date, matter_id: int | None, department_id: int | None) -> bool:
        return (
            self.effective_on <= day
            and (self.ended_on is None or day <= self.ended_on)
            and self.matter_id in (None, matter_id)
            and self.department_id in (None, department_id)
        )

    @property
    def rank(self) -> tuple[bool, bool, date]:
        """Matter before department before county; then the latest."""
        return self.matter_id is not None, self.department_id is not None, self.effective_on


@dataclass(frozen=True)
class Rulebook:
    """Every set that was put into force."""

    sets: tuple[Standing, ...]

    def set_for(self, day: date, matter_id: int | None, department_id: int | None) -> Standing | None:
        """Return the set that governs what starts on that day: the most specific, then the latest.

        `department_id` is that of the day (Clock.department), not the one the matter has moved to since.
        """
        governing = (one for one in self.sets if one.governs(day, matter_id, department_id))
        return max(governing, key=lambda one: one.rank, default=None)

    def governing(
        self, kind: ClockKind, started_on: date, matter_id: int | None, department_id: int | None
    ) -> tuple[Rule, ...]:
        """Return the rules of a clock: those in force on the day it started, to its end."""
        found = self.set_for(started_on, matter_id, department_id)
        return found.rules.get(kind, ()) if found is not None else ()


@dataclass(frozen=True)
class _Kept:
    read: float
    through: date  # every set that can govern what started by then is in the book
    book: Rulebook


_kept: _Kept | None = None


def rulebook(through: date) -> Rulebook:
    """Return the rulebook, complete for clocks that started by that day; two statements, and none while it is fresh."""
    global _kept
    with _lock:
        if _kept is not None and time.monotonic() - _kept.read < _TTL and through <= _kept.through:
            return _kept.book
    read, rows = time.monotonic(), list(_confirmed())
    book = Rulebook(tuple(standing(one) for one in rows))
    if rows:
        seen: datetime = rows[0].seen_at
        with _lock:
            _kept = _Kept(read, day_of(seen - _SETTLING), book)
    return book


def forget_rules() -> None:
    """Drop what is kept: a set was put into force in this process."""
    global _kept
    with _lock:
        _kept = None


def standing(rule_set: RuleSet) -> Standing:
    entries = rule_set.sheet().entries
    return Standing(
        set_id=rule_set.pk,
        department_id=rule_set.department_id,
        matter_id=rule_set.matter_id,
        effective_on=rule_set.effective_on,
        ended_on=rule_set.ended_on,
        rules=by_clock(entry.rule for entry in entries),
        entries=entries,
    )


def by_clock(rules: Iterable[Rule]) -> dict[ClockKind, tuple[Rule, ...]]:
    found: dict[ClockKind, tuple[Rule, ...]] = {}
    for rule in rules:
        found[rule.clock] = (*found.get(rule.clock, ()), rule)
    return found


def _confirmed() -> Iterable[Any]:
    seen = Func(function="halls_now", output_field=DateTimeField())
    found = RuleSet.objects.filter(confirmed_at__isnull=False).annotate(seen_at=seen)
    return found.order_by("pk").prefetch_related("rules")
