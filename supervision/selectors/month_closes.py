"""Months that were closed: their figures as they stand, and the corrections that no standing paper prints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, Min, OuterRef

from applications.models import Application
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import day_of
from halls.models import Hall
from supervision.domain.columns import KEPT
from supervision.domain.periods import Period, PeriodKind, period_of
from supervision.models import MonthAdjustment, MonthClose, PrintedCorrection
from supervision.selectors.period_sheet import Sheet, sheet_from, sheet_of

Figures = dict[str, dict[str, int]]


def close_of(county: Hall, period: Period) -> MonthClose | None:
    """Return how the month was closed, if it was."""
    return MonthClose.objects.filter(county=county, first=period.first).first()


def standing(closed: MonthClose) -> Figures:
    """The figures of the month as they stand: as it was closed, with every adjustment since."""
    figures: Figures = {path: dict(counts) for path, counts in closed.figures.items()}
    for one in closed.adjustments.order_by("pk"):
        figures.setdefault(one.path, {})[one.column] = one.after
    return {path: {key: number for key, number in counts.items() if number} for path, counts in figures.items()}


def standing_sheet(closed: MonthClose, calendar: WorkCalendar) -> Sheet:
    """The standing figures as a sheet; a column that was not part of the closing is counted now."""
    period, figures = Period(PeriodKind.MONTH, closed.first), standing(closed)
    if later := set(KEPT) - set(closed.columns):
        for path, counts in sheet_of(period, closed.county, calendar).by_path().items():
            figures.setdefault(path, {}).update({key: counts[key] for key in later & counts.keys()})
    return sheet_from(period, closed.county, figures)


def unprinted(county: Hall, period: Period) -> list[MonthAdjustment]:
    """The adjustments of this month and of those before it that no standing paper prints: the oldest month first."""
    standing_papers = PrintedCorrection.objects.filter(adjustment=OuterRef("pk"), bulletin__dropped_at__isnull=True)
    rows = MonthAdjustment.objects.filter(closed__county=county, closed__first__lte=period.first)
    return list(rows.exclude(Exists(standing_papers)).select_related("closed").order_by("closed__first", "pk"))


def open_months(county: Hall, today: date) -> list[Period]:
    """The months that are over and not closed, from that of the first case on: the oldest first (two statements)."""
    begun = Application.objects.filter(path__startswith=county.path).aggregate(first=Min("submitted_at"))["first"]
    if begun is None:
        return []
    closed = set(MonthClose.objects.filter(county=county).values_list("first", flat=True))
    return [one for one in _through(period_of(PeriodKind.MONTH, day_of(begun)), today) if one.first not in closed]


def _through(period: Period, today: date) -> Iterable[Period]:
    """Return the period and those behind it that are over."""
    while period.last < today:
        yield period
        period = period.following
