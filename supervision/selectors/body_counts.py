"""Count rows of one kind body by body: the first node below the county, a hall with all below it or a department."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from supervision.domain.periods import Period

_BODY: Final = "^[^/]+/(?:[^/]+/)?"
Counts = dict[str, Counter[str]]


def body_of(field: str) -> Func:
    """The path of the body under which the path in this column lies."""
    return Func(F(field), Value(_BODY), function="substring", output_field=CharField())


def within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.begins_at, f"{field}__lt": period.ends_at})


def counted(rows: QuerySet[Any], field: str, **figures: Q) -> Counts:
    """Count the rows that meet each condition, by the body of the path in `field`: one statement."""
    counts = {key: Count("pk", filter=condition) for key, condition in figures.items()}
    found: Counts = {}
    for row in rows.order_by().annotate(body=body_of(field)).values("body").annotate(**counts):
        body = row.pop("body")
        found[body] = Counter({key: number for key, number in row.items() if number})
    return found


def merged(sources: Iterable[Counts]) -> Counts:
    """Everything that was counted of a body, together."""
    found: Counts = defaultdict(Counter)
    for source in sources:
        for body, counts in source.items():
            found[body].update(counts)
    return found
