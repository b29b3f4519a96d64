"""Cards of the month by the body that they blame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count

from halls.acting import Actor
from halls.models import Department, Hall
from supervision.figures import CARD_LISTS, Present
from supervision.selectors.group_cards import GROUP
from supervision.selectors.scope import WATCH, scope_of

COLUMNS = ("red_cards_month", "yellow_cards_month", "issued_month", "revoked_month")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A body with its cards of the month; `counts` by the key of the figure."""

    path: str
    code: str
    name: str
    counts: dict[str, int]


def card_ranking(actor: Actor, present: Present) -> list[Ranked]:
    """Return the bodies with cards this month, those with most red, then most yellow cards first: two statements.

    A card that waits or was cancelled is nobody's; a revoked one counts as issued and as revoked, and blames nobody.
    Each number counts the rows of its figure (group_cards), which its link lists: what was revoked, warnings included.
    """
    conditions = {key: CARD_LISTS[key].condition(present) for key in COLUMNS}
    counted = {key: Count("pk", filter=condition) for key, condition in conditions.items()}
    cards = GROUP.rows(scope_of(actor, WATCH)).order_by()
    ours = cards.filter(reduce(or_, conditions.values()))
    rows: Any = ours.values("seat_path").annotate(**counted)
    found = {row["seat_path"]: {key: int(row[key]) for key in COLUMNS} for row in rows}
    nodes = _nodes(list(found))
    unknown = ("", "")
    ranked = [
        Ranked(path, code=nodes.get(path, unknown)[0], name=nodes.get(path, unknown)[1] or path, counts=counts)
        for path, counts in found.items()
    ]
    return sorted(ranked, key=lambda one: (*(-one.counts[key] for key in COLUMNS), one.path))


def _nodes(paths: list[str]) -> dict[str, tuple[str, str]]:
    """Codes and names of halls and departments by path (1 statement)."""
    if not paths:
        return {}
    halls = Hall.objects.filter(path__in=paths).order_by().values_list("path", "code", "name")
    rows = halls.union(
        Department.objects.filter(path__in=paths).order_by().values_list("path", "code", "name"), all=True
    )
    return {path: (code, name) for path, code, name in rows}
