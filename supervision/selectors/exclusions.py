"""Which bodies are not ranked on a day, by which rule: printed under every ranking.

A week or month leaves out whom a rule excludes on its first day: what begins within it counts from the next one on.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from halls.domain.errors import NotFound
from halls.domain.worktime import ONE_DAY, start_of
from supervision.models import ExclusionRule


def exclusions_on(day: date) -> list[ExclusionRule]:
    """Return the rules in force on that day (1 statement). A rule that was ended counts no more on the day it was."""
    rows = _rows().filter(confirmed_at__isnull=False, starts_on__lte=day)
    running = rows.filter(Q(until__isnull=True) | Q(until__gte=day))
    return list(running.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=start_of(day + ONE_DAY))))


def all_exclusions() -> list[ExclusionRule]:
    """Return every rule that was ever proposed, the newest first (1 statement): nothing of it disappears."""
    return list(_rows())


def exclusion(pk: int) -> ExclusionRule:
    """Return one rule. Raises NotFound."""
    found = _rows().filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这条不参加排名的规则。")
    return found


def _rows() -> QuerySet[ExclusionRule]:
    return ExclusionRule.objects.select_related(
        "hall", "department", "proposed_by", "confirmed_by", "dropped_by", "ended_by"
    )
