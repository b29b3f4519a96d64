"""What the page of statistics adds to the counts: the flow by day, and the matters with late cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import TruncDate

from halls.domain.worktime import SHANGHAI, day_of
from supervision.figures import FIGURES, FLOW_DAYS, FLOW_OF_MONTH, Figure, Present
from supervision.figures_flow import FLOW
from supervision.selectors.figure_group import counts_of
from supervision.selectors.figure_groups import GROUPS
from supervision.selectors.scope import Scope

LATE_MATTERS: Final = 10


def counts(scope: Scope, present: Present) -> dict[str, int]:
    """Return every figure of every group: one statement."""
    return counts_of(GROUPS, scope, present)


def flow(scope: Scope, present: Present) -> list[tuple[date, dict[str, int]]]:
    """Return what came and went on each of the last thirty days, the newest last: one statement.

    In a month that is over: on each of its days.
    """
    figures = flow_figures(present)
    parts: list[QuerySet[Any, Any]] = []
    for figure in figures:
        rows = scope.cases.filter(figure.condition(present)).order_by()
        day = rows.annotate(day=TruncDate(F(figure.moment), tzinfo=SHANGHAI), of=Value(figure.key, CharField()))
        parts.append(day.values("of", "day").annotate(number=Count("pk")).values_list("of", "day", "number"))
    first, *others = parts
    found = {(of, day): number for of, day, number in first.union(*others, all=True)}
    begin = day_of(present.month if present.is_earlier else present.thirty_days)
    number_of_days = (day_of(present.next_month) - begin).days if present.is_earlier else FLOW_DAYS
    days = [begin + timedelta(days=number) for number in range(number_of_days)]
    return [(day, {figure.key: found.get((figure.key, day), 0) for figure in figures}) for day in days]


def flow_figures(present: Present) -> tuple[Figure, ...]:
    """What is shown day by day."""
    return FLOW_OF_MONTH if present.is_earlier else FLOW


def late_matters(scope: Scope, present: Present) -> list[tuple[str, str, int, int]]:
    """Return code, name, red cases and late conclusions of the matters with most of them: one statement.

    Of a month that is over only the late conclusions: the red cases are those of now.
    """
    red, late = FIGURES["red"].condition(present), FIGURES["late_month"].condition(present)
    rows = (
        scope.cases.filter(late if present.is_earlier else red | late)
        .order_by()
        .values("matter__code", "matter__name")
        .annotate(red=Count("pk", filter=red), late=Count("pk", filter=late))
        .order_by(*(("-late",) if present.is_earlier else ("-red", "-late")), "matter__code")
    )
    return list(rows.values_list("matter__code", "matter__name", "red", "late")[:LATE_MATTERS])
