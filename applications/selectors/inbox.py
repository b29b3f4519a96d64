"""The piles of a person's home page, as querysets: every count opens exactly its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from applications.domain.lifecycle import ENDED, OPEN, Status
from applications.models import Application
from applications.querysets import ApplicationQuerySet
from applications.selectors.lights import colour_condition
from halls.acting import Actor
from halls.domain.duties import Duty

TOWNSHIP_DEPTH = 2  # county/township/
PILES: dict[str, str] = {
    "todo": "待办",
    "doing": "在办",
    "correcting": "补正",
    "late": "超期",
    "done": "已办",
    "drafts": "草稿",
}
RAIL_PILES = ("todo", "doing", "correcting", "late", "drafts")


def pile_condition(pile: str, actor: Actor, now: datetime) -> Q:
    """What belongs to a pile, for `visible_to(actor)`. Raises KeyError for an unknown pile."""
    return {
        "todo": _todo(actor),
        "doing": Q(status__in=sorted(OPEN)),
        "correcting": Q(status=Status.CORRECTING),
        "late": colour_condition("red", now),
        "done": Q(status__in=sorted(ENDED)),
        "drafts": Q(status=Status.DRAFT),
    }[pile]


def _todo(actor: Actor) -> Q:
    """What waits for an act that this actor's duties allow."""

    def at(field: str, duty: str) -> Q:
        return _any(_own(field, node) for node in actor.nodes.get(duty, ()))

    working = Q(status=Status.IN_PROGRESS) | Q(status=Status.SUSPENDED)
    kinds = {Duty.EXAMINE: ("review", "special"), Duty.DECIDE: ("decide",), Duty.ACCEPT: ("instant", "accept")}
    return (
        (Q(status__in=[Status.SUBMITTED, Status.RECEIVED]) & at("accept_path", Duty.ACCEPT))
        | (Q(status=Status.CORRECTING) & at("path", Duty.FILE))
        | (Q(status=Status.GRANTED, step_kind__in=("review", "special")) & at("seat_path", Duty.EXAMINE))
        | (Q(status=Status.GRANTED) & ~Q(step_kind__in=("review", "special")) & at("result_path", Duty.ISSUE))
        | (Q(status__in=[Status.READY, Status.REFUSED], destination_path="") & at("result_path", Duty.ISSUE))
        | (Q(status__in=[Status.READY, Status.REFUSED]) & ~Q(destination_path="") & at("destination_path", Duty.ISSUE))
        | Q(pk__in=[])
        | _any(working & Q(step_kind__in=steps) & at("seat_path", duty) for duty, steps in kinds.items())
    )


def _own(field: str, node: str) -> Q:
    """The desk itself. A duty reaches further down, but what waits on a lower desk is not one's own work.

    A township hall's people also work for the offices in it, which have no staff of their own.
    """
    condition = Q(**{field: node})
    if "~" not in node and node.count("/") == TOWNSHIP_DEPTH:
        condition |= Q(**{f"{field}__startswith": f"{node}~"})
    return condition


def _any(conditions: Iterable[Q]) -> Q:
    result = Q(pk__in=[])
    for condition in conditions:
        result |= condition
    return result


def pile(name: str, actor: Actor, now: datetime) -> ApplicationQuerySet:
    """The rows of a pile."""
    return Application.objects.visible_to(actor).filter(pile_condition(name, actor, now))


def pile_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many rows each pile has: one statement."""
    return Application.objects.visible_to(actor).order_by().aggregate(**_counting(tuple(PILES), actor, now))


def rail_row(actor: Actor, now: datetime) -> QuerySet[Application, Any]:
    """The one row of RAIL_PILES beside the menu of every page, as a part of a statement: open rows and drafts only, so
    that years of concluded cases cost nothing. No row where there is nothing to count.
    """
    rows = Application.objects.visible_to(actor).filter(status__in=sorted({*OPEN, Status.DRAFT})).order_by()
    counts = _counting(RAIL_PILES, actor, now)
    return rows.annotate(all_of_them=Value(1)).values("all_of_them").annotate(**counts).values_list(*counts)


def _counting(names: tuple[str, ...], actor: Actor, now: datetime) -> dict[str, Count]:
    return {name: Count("pk", filter=pile_condition(name, actor, now)) for name in names}
