"""The rows behind a figure, in keyset pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from applications.querysets import NEWEST_FIRST, URGENT_FIRST, ApplicationQuerySet
from halls.paging import PageList
from supervision.figures import Figure
from supervision.models import LimitWarning

PAGE: Final = 50
COUNTED_TO: Final = 10_000  # a longer list says "more than"
LATEST_FIRST: Final = PageList(("effective_at", "pk"), is_descending=True)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page; `total` counts the whole list up to COUNTED_TO + 1 and is None behind the first page."""

    rows: list[Row]
    next_cursor: str
    total: int | None


def with_columns(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Add what a line of a list shows, the clocks behind its dates included, to the same statement."""
    clocks = Clock.objects.filter(application=OuterRef("pk"))
    urgent = clocks.filter(state=Clock.State.RUNNING, due_at=OuterRef("late_at")).order_by("pk")
    promised = clocks.filter(kind=ClockKind.PROMISED).order_by("-pk")
    return rows.with_list_columns().annotate(
        urgent_clock=Subquery(urgent.values("pk")[:1]),
        urgent_kind=Subquery(urgent.values("kind")[:1]),
        promised_clock=Subquery(promised.values("pk")[:1]),
        promise_is_provisional=Subquery(promised.values("is_provisional")[:1]),
    )


def case_page(rows: ApplicationQuerySet, figure: Figure, cursor: str) -> Page[Application]:
    """Most urgent first; the figures of a month newest first. One statement."""
    shown = with_columns(rows)
    total = None if cursor else _total(rows)
    order = NEWEST_FIRST if figure.is_of_the_month else URGENT_FIRST
    found, next_cursor = order.after(_counted(shown, total), cursor, PAGE)
    return Page(found, next_cursor, _told(found, total))


def with_card_columns(rows: QuerySet[LimitWarning]) -> QuerySet[LimitWarning]:
    """Add what a line of a list of cards shows: their cases in the same statement, their reviews in another."""
    return (
        rows.prefetch_related("reviews")
        .select_related("application__matter", "application__hall", "application__applicant")
        .defer("application__form", "application__applicant__id_sealed", "application__applicant__phone_sealed")
    )


def card_page(rows: QuerySet[LimitWarning], cursor: str) -> Page[LimitWarning]:
    """Newest first by the moment at which they took effect, with their reviews. Two statements."""
    total = None if cursor else _total(rows)
    found, next_cursor = LATEST_FIRST.after(_counted(with_card_columns(rows), total), cursor, PAGE)
    return Page(found, next_cursor, _told(found, total))


def counted_to(
    shown: QuerySet[Any], rows: QuerySet[Any], order: PageList, cursor: str, size: int
) -> tuple[list[Any], int | None, str]:
    """Return a page of any list, its length up to COUNTED_TO + 1 beside the first page, and the next cursor."""
    total = None if cursor else _total(rows)
    found, next_cursor = order.after(_counted(shown, total), cursor, size)
    return found, _told(found, total), next_cursor


def _total(rows: QuerySet[Any]) -> RawSQL:
    """Count the list, up to a bound, beside its first page: an uncorrelated subquery runs once."""
    try:
        sql, params = rows.order_by().values("pk")[: COUNTED_TO + 1].query.sql_with_params()
    except EmptyResultSet:  # whoever works nowhere has nothing
        return RawSQL("0", ())
    return RawSQL(f"(SELECT count(*) FROM ({sql}) counted)", params)  # noqa: S608, S611 - Django's own SQL


def _counted(rows: QuerySet[Any], total: RawSQL | None) -> QuerySet[Any]:
    return rows if total is None else rows.annotate(list_total=total)


def _told(found: list[Any], total: RawSQL | None) -> int | None:
    if total is None:
        return None
    return int(found[0].list_total) if found else 0
