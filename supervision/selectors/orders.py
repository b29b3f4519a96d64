"""Supervision orders: who sees which, who answers for the organ, what stands in which box of the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.domain.lights import Colour, Light
from applications.models import Application
from applications.querysets import below
from applications.selectors.lights import light
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.models import Department, Hall, Level
from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.domain.orders import NOT_ORDERED, OPEN, Act, Standing, State, answering_duty, issuing_node
from supervision.models import OrderAct, OrderFile, SupervisionOrder
from supervision.selectors.terms import term_colour

PAGE: Final = 20
NEWEST_FIRST: Final = PageList(("pk",), is_descending=True)
BOXES: Final[dict[str, str | Promise]] = {
    "mine": _("待我办理"),
    "reply": _("待我单位回复"),
    "verify": _("待我单位核验"),
    "issued": _("我单位签发"),
    "overdue": _("超期未回复"),
    "closed": _("已了结"),
    "all": _("全部"),
}


def answered_by(actor: Actor) -> Q:
    """The orders for whose organ the actor answers, or whose people they stand above."""
    deciding, watching = (actor.nodes.get(duty, ()) for duty in (Duty.DECIDE, Duty.SUPERVISE))
    decides = Q(organ_path__in=deciding) | Q(above_path__in=[node for node in deciding if node])
    return Q(duty=Duty.DECIDE) & decides | Q(duty=Duty.SUPERVISE, organ_path__in=watching)


def visible_orders(actor: Actor) -> QuerySet[SupervisionOrder]:
    """Every order the actor may see: to or from the places they watch, and those they answer. The only source of
    lists, pages, counts, papers, files and API.
    """
    watched = below("organ_path", actor.supervises) | below("issuer_path", actor.supervises)
    return SupervisionOrder.objects.filter(watched | answered_by(actor))


def concerns(actor: Actor) -> bool:
    """Whether there can be orders for this person at all: who watches, and who answers for an organ."""
    return actor.has(Duty.SUPERVISE) or actor.has(Duty.DECIDE)


def in_box(box: str, actor: Actor, now: datetime) -> Q:
    """The condition of one box of the list (a key of BOXES)."""
    to_reply = Q(state=State.ISSUED) & answered_by(actor)
    issued = below("issuer_path", actor.supervises)
    to_verify, overdue = Q(state=State.REPLIED) & issued, Q(state=State.ISSUED) & term_colour(Colour.RED, now)
    conditions: dict[str, Q] = {
        # Of an order that nobody answers in time its issuer has to do something, too.
        "mine": to_reply | to_verify | overdue & issued,
        "reply": to_reply,
        "verify": to_verify,
        "issued": Q(issuer_path__in=actor.supervises),
        "overdue": overdue,
        "closed": ~Q(state__in=sorted(OPEN)),
        "all": Q(),
    }
    return conditions[box]


def orders_in(box: str, actor: Actor, now: datetime) -> QuerySet[SupervisionOrder]:
    """The orders of one box with what a line of the list shows."""
    rows = visible_orders(actor).filter(in_box(box, actor, now)).select_related("term", "application")
    return rows.defer("application__form", "facts", "demand")


def whole_order(actor: Actor, pk: int) -> SupervisionOrder | None:
    """Return one order with its acts and files, or None where the actor sees none (3 statements)."""
    rows = visible_orders(actor).select_related("term", "application__matter", "card", "issued_by")
    return rows.prefetch_related("acts__user", "acts__files", "acts__term").filter(pk=pk).first()


def file_of(actor: Actor, order_id: int, file_id: int) -> OrderFile | None:
    """Return a file of an order the actor sees."""
    orders = visible_orders(actor).filter(pk=order_id).order_by().values("pk")
    return OrderFile.objects.filter(pk=file_id, act__order__in=orders).first()


def standing_of(order: SupervisionOrder, acts: Iterable[OrderAct], now: datetime) -> Standing:
    """Where the order stands; `acts`: its acts in order."""
    return Standing(State(order.state), tuple(Act(one.act) for one in acts), order.term.due_at < now)


def case_light(order: SupervisionOrder, moment: Moment) -> Light | None:
    """The light of the case now; None for an order about no case. It is read anew: a reply says what it likes."""
    if order.application_id is None:
        return None
    return light(Application.objects.only("status", "warn_at", "late_at").get(pk=order.application_id), moment)


@dataclass(frozen=True, slots=True)
class Organ:
    """A hall or department that can be ordered."""

    path: str
    code: str
    name: str
    group: str


def ordered_departments() -> QuerySet[Department]:
    """The departments in service that answer for themselves: no government as such."""
    return Department.objects.filter(retired_on__isnull=True).exclude(organ__in=NOT_ORDERED)


def is_ordered(organ_path: str) -> bool:
    """Whether an order can go to the organ at this path, in service or not."""
    return "~" not in organ_path or not Department.objects.filter(path=organ_path, organ__in=NOT_ORDERED).exists()


def organs_below(nodes: Iterable[str]) -> list[Organ]:
    """Return the halls and departments in service that whoever watches these nodes can order (2 statements).

    Not the hall whose own director asks: nobody orders what they would have to answer.
    """
    prefixes = tuple(nodes)
    departments = ordered_departments().filter(below("path", prefixes)).order_by("path")
    halls = [
        hall
        for hall in Hall.objects.filter(below("path", prefixes), retired_on__isnull=True).order_by("path")
        if issuing_node(hall.path, prefixes) != hall.path or answering_duty(hall.path) is not Duty.SUPERVISE
    ]
    found = [Organ(one.path, one.code, one.name, one.get_kind_display()) for one in departments]
    found += [Organ(one.path, one.code, one.name, str(Level(one.tier).label)) for one in halls]
    places = [str(Level.COUNTY.label), *map(str, Department.Kind.labels), *map(str, Level.labels[1:])]
    return sorted(found, key=lambda organ: places.index(organ.group))


def organ_of(code: str) -> Organ | None:
    """Return the hall or department of this code, if it is in service and can be ordered."""
    department = ordered_departments().filter(code=code).first()
    if department is not None:
        return Organ(department.path, department.code, department.name, department.get_kind_display())
    hall = Hall.objects.filter(code=code, retired_on__isnull=True).first()
    return Organ(hall.path, hall.code, hall.name, str(Level(hall.tier).label)) if hall is not None else None
