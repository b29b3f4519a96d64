"""Compose what a paper says from the books; and once more from the events, before somebody answers for it.

A draft that says otherwise than the events of its frozen month, by whose hand ever, is neither reviewed nor signed:
what moved since is dated (更正) and stated by the next draft.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from applications.selectors.county import county_of
from halls.domain.errors import Refused
from halls.models import Hall
from halls.selectors.work_calendar import Moment
from supervision.actions._marks import true_marks
from supervision.domain.bulletin import Marks, compose
from supervision.domain.bulletin_check import differences, differences_words
from supervision.domain.columns import BY_KEY, KEPT
from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import Adjustment, adjustments
from supervision.models import Bulletin, MonthAdjustment, MonthClose
from supervision.selectors.bulletins import exclusions_of
from supervision.selectors.month_closes import close_of, standing, standing_sheet
from supervision.selectors.period_sheet import Sheet, bodies_of, sheet_of

CURE = _("请把这份草稿作废：系统随后按现在的记录重新起草，月结后变了的数会注明日期、列为更正。")


def composed(
    county: Hall, period: Period, moment: Moment, now: Sheet, printed: list[MonthAdjustment], marks: Marks
) -> dict[str, Any]:
    """Return the content of the paper of a period that is counted in `now`; it prints these adjustments."""
    before = _before(county, period, moment)
    return compose(
        period,
        county_of(county.path).name,
        ((now.halls, now.organs), (before.halls, before.organs)),
        exclusions=exclusions_of(county, period),
        corrections=_corrections(county, period, printed),
        marks=marks,
    )


def require_as_counted(bulletin: Bulletin, moment: Moment) -> None:
    """Count the period again, from the events, and compare: one sheet for a month, two for a week.

    Raises Refused (`figures_differ`), in words that name the figures.
    """
    period = Period(PeriodKind(bulletin.kind), bulletin.first)
    closed = close_of(bulletin.county, period) if period.kind is PeriodKind.MONTH else None
    now = sheet_of(period, bulletin.county, moment.calendar)
    rows = MonthAdjustment.objects.filter(printed__bulletin=bulletin).select_related("closed")
    printed = list(rows.order_by("closed__first", "pk"))
    again = composed(bulletin.county, period, moment, now, printed, true_marks(bulletin, closed))
    found = differences(bulletin.content, json.loads(json.dumps(again)))
    if closed is not None:
        found += _unstated(closed, period, now)
    if found:
        raise Refused("figures_differ", differences_words(found), cure=CURE)


def _unstated(closed: MonthClose, period: Period, now: Sheet) -> list[str]:
    """The figures of the frozen month that the events give otherwise, and no dated correction says so."""
    columns = set(closed.columns) & set(KEPT)
    names = {line.body.path: line.body.name for line in (*now.halls, *now.organs)}
    found = adjustments(period, standing(closed), now.by_path(), columns)
    return [
        f"{names.get(one.body, one.body)}的{BY_KEY[one.column].label}"
        f"（月结 {one.before}，记录 {one.after}，没有登记更正）"
        for one in found
    ]


def _before(county: Hall, period: Period, moment: Moment) -> Sheet:
    """The month before as its paper has it; one that nobody closed, or a week, as it is counted now."""
    closed = close_of(county, period.previous) if period.kind is PeriodKind.MONTH else None
    if closed is not None:
        return standing_sheet(closed, moment.calendar)
    return sheet_of(period.previous, county, moment.calendar)


def _corrections(county: Hall, period: Period, printed: list[MonthAdjustment]) -> list[Adjustment]:
    """What is printed, by the name of the body: one that was dissolved since has its own, too."""
    names = {body.path: body.name for bodies in bodies_of(county, period) for body in bodies}
    return [
        Adjustment(
            Period(PeriodKind.MONTH, one.closed.first).label,
            names.get(one.path, one.path),
            one.column,
            one.before,
            one.after,
            is_own=one.closed.first == period.first,
        )
        for one in printed
    ]
