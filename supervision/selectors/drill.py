"""The rows behind a figure, in keyset pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.dateparse import parse_datetime

from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from halls.acting import Actor
from supervision.figures import Figure, Present
from supervision.models import LimitWarning
from supervision.selectors.supervised import Narrowing, supervised, supervised_cards

PAGE: Final = 50
COUNTED_TO: Final = 10_000  # a longer list says "more than"
LONGEST_ID: Final = 18

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page; `total` counts the whole list up to COUNTED_TO + 1 and is None behind the first page."""

    rows: list[Row]
    next_cursor: str
    total: int | None


def cases_of(
    actor: Actor, figure: Figure, present: Present, narrowed: Iterable[Narrowing] = ()
) -> QuerySet[Application]:
    """Return exactly the cases that the figure counted."""
    rows = supervised(actor).filter(figure.condition(present))
    for narrowing in narrowed:
        rows = rows.filter(narrowing.condition)
    return rows


def cards_of(
    actor: Actor, figure: Figure | None, present: Present, narrowed: Iterable[Narrowing] = ()
) -> QuerySet[LimitWarning]:
    """Return exactly the warnings and cards that the figure counted; all of them without one."""
    rows = supervised_cards(actor)
    if figure is not None:
        rows = rows.filter(figure.condition(present))
    cases: QuerySet[Any] = Application.objects.order_by()
    narrowed = list(narrowed)
    for narrowing in narrowed:
        cases = cases.filter(narrowing.condition)
    return rows.filter(application__in=cases.values("pk")) if narrowed else rows


def with_columns(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Add what a line of a list shows, the clocks behind its dates included, to the same statement."""
    clocks = Clock.objects.filter(application=OuterRef("pk"))
    urgent = clocks.filter(state=Clock.State.RUNNING, due_at=OuterRef("late_at")).order_by("pk")
    promised = clocks.filter(kind=ClockKind.PROMISED).order_by("-pk")
    return (
        rows.select_related("matter", "applicant", "hall", "seat_hall", "seat_department")
        .defer("form", "applicant__id_sealed", "applicant__phone_sealed")
        .annotate(
            urgent_clock=Subquery(urgent.values("pk")[:1]),
            urgent_kind=Subquery(urgent.values("kind")[:1]),
            promised_clock=Subquery(promised.values("pk")[:1]),
        )
    )


def case_page(rows: QuerySet[Application], figure: Figure, cursor: str) -> Page[Application]:
    """Most urgent first; the figures of a month newest first. One statement."""
    shown = with_columns(rows)
    total = None if cursor else _total(rows)
    if figure.is_of_the_month:
        return _newest(shown, cursor, total)
    shown = _behind(shown.order_by(F("late_at").asc(nulls_last=True), "pk"), cursor)
    found = list(_counted(shown, total)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    stamp = last.late_at.isoformat() if last is not None and last.late_at else ""
    return Page(found[:PAGE], f"{stamp}~{last.pk}" if last else "", _told(found, total))


def card_page(rows: QuerySet[LimitWarning], cursor: str) -> Page[LimitWarning]:
    """Newest first by the moment at which they took effect. One statement."""
    total = None if cursor else _total(rows)
    shown = rows.select_related("application__matter", "application__hall", "application__applicant").defer(
        "application__form", "application__applicant__id_sealed", "application__applicant__phone_sealed"
    )
    at, pk = _cursor(cursor)
    if at is not None:
        shown = shown.filter(Q(effective_at__lt=at) | Q(effective_at=at, pk__lt=pk))
    found = list(_counted(shown.order_by("-effective_at", "-pk"), total)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{last.effective_at.isoformat()}~{last.pk}" if last else "", _told(found, total))


def _newest(shown: QuerySet[Application], cursor: str, total: RawSQL | None) -> Page[Application]:
    _at, pk = _cursor(cursor)
    if pk is not None:
        shown = shown.filter(pk__lt=pk)
    found = list(_counted(shown.order_by("-pk"), total)[: PAGE + 1])
    return Page(found[:PAGE], f"~{found[PAGE - 1].pk}" if len(found) > PAGE else "", _told(found, total))


def _behind(rows: QuerySet[Application], cursor: str) -> QuerySet[Application]:
    """Cut off what stands before the cursor; rows without a due date come last."""
    at, pk = _cursor(cursor)
    if pk is None:
        return rows
    if at is None:
        return rows.filter(late_at__isnull=True, pk__gt=pk)
    return rows.filter(Q(late_at__gt=at) | Q(late_at=at, pk__gt=pk) | Q(late_at__isnull=True))


def _cursor(text: str) -> tuple[datetime | None, int | None]:
    """Read `moment~id`; whatever is not one begins the list anew."""
    stamp, _tilde, number = text.partition("~")
    if not number.isascii() or not number.isdecimal() or len(number) > LONGEST_ID:
        return None, None
    try:
        at = parse_datetime(stamp)
    except ValueError:
        return None, None
    return (at if at is not None and at.tzinfo else None), int(number)


def _total(rows: QuerySet[Any]) -> RawSQL:
    """Count the list, up to a bound, beside its first page: an uncorrelated subquery runs once."""
    sql, params = rows.order_by().values("pk")[: COUNTED_TO + 1].query.sql_with_params()
    return RawSQL(f"(SELECT count(*) FROM ({sql}) counted)", params)  # noqa: S608, S611 - Django's own SQL


def _counted(rows: QuerySet[Any], total: RawSQL | None) -> QuerySet[Any]:
    return rows if total is None else rows.annotate(list_total=total)


def _told(found: list[Any], total: RawSQL | None) -> int | None:
    if total is None:
        return None
    return int(found[0].list_total) if found else 0
