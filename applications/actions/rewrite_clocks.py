"""Derive the dates of open clocks anew: a year was published, a day moved, or a card rule changed.

No fact is touched; only what is derived from facts, calendar and rules. Running it twice changes
nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction

from applications.actions._clocks import DERIVED, Case
from applications.models import Application, Clock
from applications.selectors.rules import forget_rules, rules_in_force
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment

BATCH = 200


class Rewritten(NamedTuple):
    """How many cases were looked at, and how many got another date."""

    cases: int
    changed: int


def rewrite_clocks() -> Rewritten:
    """Rewrite every case with an open clock, in small transactions ordered by case."""
    forget_rules()
    cases = changed = 0
    for pks in _batches():
        with transaction.atomic():
            locked = Application.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
            changed += sum(_rewrite(application) for application in locked)
            cases += len(pks)
    return Rewritten(cases, changed)


def _batches() -> Iterator[list[int]]:
    last = 0
    while True:
        open_clocks = Clock.objects.exclude(state=Clock.State.STOPPED).filter(application_id__gt=last)
        pks = list(open_clocks.order_by("application_id").values_list("application_id", flat=True).distinct()[:BATCH])
        if not pks:
            return
        last = pks[-1]
        yield pks


def _rewrite(application: Application) -> bool:
    moment = read_moment()
    case = Case.load(application, moment)
    rules = rules_in_force(day_of(moment.at))
    moved = [clock for clock in case.clocks.values() if case.rewrite(clock, rules)]
    if not moved:
        return False
    Clock.objects.bulk_update(moved, DERIVED)
    case.project()
    application.save(update_fields=["due_at", "is_provisional", "warn_at", "late_at"])
    return True
