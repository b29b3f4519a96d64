"""What the page of statistics adds to the counts: the flow by day, and the matters with late cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import TruncDate

from halls.domain.worktime import SHANGHAI
from supervision.figures import FIGURES, FLOW_DAYS, Present
from supervision.figures_flow import FLOW
from supervision.selectors.figure_group import counts_of
from supervision.selectors.figure_groups import GROUPS
from supervision.selectors.scope import Scope

LATE_MATTERS: Final = 10


def counts(scope: Scope, present: Present) -> dict[str, int]:
    """Return every figure of every group: one statement."""
    return counts_of(GROUPS, scope, present)


def flow(scope: Scope, present: Present) -> list[tuple[date, dict[str, int]]]:
    """Return what came and went on each of the last thirty days, the newest last: one statement."""
    parts: list[QuerySet[Any, Any]] = []
    for figure in FLOW:
        rows = scope.cases.filter(figure.condition(present)).order_by()
        day = rows.annotate(day=TruncDate(F(figure.moment), tzinfo=SHANGHAI), of=Value(figure.key, CharField()))
        parts.append(day.values("of", "day").annotate(number=Count("pk")).values_list("of", "day", "number"))
    first, *others = parts
    found = {(of, day): number for of, day, number in first.union(*others, all=True)}
    begin = present.thirty_days.date()
    days = [begin + timedelta(days=number) for number in range(FLOW_DAYS)]
    return [(day, {figure.key: found.get((figure.key, day), 0) for figure in FLOW}) for day in days]


def late_matters(scope: Scope, present: Present) -> list[tuple[str, str, int, int]]:
    """Return code, name, red cases and late conclusions of the matters with most of them: one statement."""
    red, late = FIGURES["red"].condition(present), FIGURES["late_month"].condition(present)
    rows = (
        scope.cases.filter(red | late)
        .order_by()
        .values("matter__code", "matter__name")
        .annotate(red=Count("pk", filter=red), late=Count("pk", filter=late))
        .order_by("-red", "-late", "matter__code")
    )
    return list(rows.values_list("matter__code", "matter__name", "red", "late")[:LATE_MATTERS])
