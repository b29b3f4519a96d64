"""Derive the dates of clocks anew: a year was published, a day moved, or a card rule changed.

No fact is touched; only what is derived from facts, calendar and rules. Running it twice changes
nothing the second time. Cases that ended long ago keep the dates they ended with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from applications.actions._clocks import DERIVED, Case, project
from applications.domain.clock import Rule
from applications.domain.lifecycle import OPEN
from applications.models import Application, Clock, ClockFact
from applications.selectors.rules import forget_rules, rules_in_force
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment, read_moment

BATCH = 200
# The nightly proof looks back as far; older cases are history.
ENDED_WITHIN = timedelta(days=62)
DATES = tuple(name for name in DERIVED if name != "next_action_at")
ROW = ("due_at", "is_provisional", "warn_at", "late_at")


class Rewritten(NamedTuple):
    """How many cases were looked at, and how many got another date."""

    cases: int
    changed: int


def rewrite_clocks() -> Rewritten:
    """Rewrite every open or lately ended case, in small transactions ordered by case."""
    forget_rules()
    cases = changed = 0
    for pks in _batches(read_moment().at):
        with transaction.atomic():
            locked = Application.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
            changed += _rewrite(list(locked), read_moment())
            cases += len(pks)
    return Rewritten(cases, changed)


def _batches(now: datetime) -> Iterator[list[int]]:
    wanted = Q(status__in=sorted(OPEN)) | Q(ended_at__gte=now - ENDED_WITHIN)
    last = 0
    while pks := list(
        Application.objects.filter(wanted, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        last = pks[-1]
        yield pks


def _rewrite(applications: list[Application], moment: Moment) -> int:
    """Rewrite a locked batch: one statement to read, at most two to write."""
    rules = rules_in_force(day_of(moment.at))
    facts = ClockFact.objects.filter(clock__application__in=applications).select_related("clock")
    ordered = sorted(facts, key=lambda fact: (fact.clock.application_id, fact.clock_id, fact.pk))
    of_case = {pk: list(rows) for pk, rows in groupby(ordered, key=attrgetter("clock.application_id"))}
    moved: list[Clock] = []
    rows: list[Application] = []
    for application in applications:
        before = [getattr(application, name) for name in ROW]
        clocks, changed = _derive(Case(application, moment, 0), of_case.get(application.pk, []), rules)
        project(application, clocks)
        moved += changed
        if changed or before != [getattr(application, name) for name in ROW]:
            rows.append(application)
    Clock.objects.bulk_update(moved, DERIVED)
    Application.objects.bulk_update(rows, ROW)
    return len(rows)


def _derive(case: Case, facts: list[ClockFact], rules: tuple[Rule, ...]) -> tuple[list[Clock], list[Clock]]:
    """Derive each clock of a case; returns all of them in order, and those with another date.

    The next rung is armed again only where a date moved: what was claimed before stays claimed.
    """
    clocks: dict[int, Clock] = {}
    for fact in facts:
        clock = clocks.setdefault(fact.clock_id, fact.clock)
        case.facts.setdefault(clock.pk, []).append(fact)
    changed = []
    for clock in clocks.values():
        before, armed = [getattr(clock, name) for name in DATES], clock.next_action_at
        case.rewrite(clock, rules)
        if before != [getattr(clock, name) for name in DATES]:
            changed.append(clock)
        else:
            clock.next_action_at = armed
    return list(clocks.values()), changed
