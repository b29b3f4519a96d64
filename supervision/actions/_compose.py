"""Compose what a paper says from the books; and once more from the events, before somebody answers for it.

A draft that says otherwise than the events of its frozen month, by whose hand ever, is neither reviewed nor signed:
what moved since is dated (更正) and stated by the next draft.
"""

from __future__ import annotations

import json
from datetime import date
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
from supervision.selectors.month_closes import close_of, standing, standing_sheet, unprinted
from supervision.selectors.period_sheet import Sheet, bodies_of, sheet_of

CURES = {
    PeriodKind.WEEK: _("请把这份草稿作废、按现在的记录重新起草，再重新审核。"),
    PeriodKind.MONTH: _("请把这份草稿作废：系统随后按现在的记录重新起草，月结后变了的数会注明日期、列为更正。"),
}


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

    What a month is compared with and what it corrects was closed earlier, and the site may write both: a sheet more for
    the month before unless its signed paper stands uncorrected, and for each month that the paper corrects.

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
        found += _unstated(closed, now)
        for earlier in _leant_on(bulletin.county, period, printed):
            month = Period(PeriodKind.MONTH, earlier.first)
            found += _unstated(earlier, sheet_of(month, bulletin.county, moment.calendar), month.label)
        found += _left_out(bulletin.county, period)
    if found:
        raise Refused("figures_differ", differences_words(found), cure=CURES[period.kind])


def _leant_on(county: Hall, period: Period, printed: list[MonthAdjustment]) -> list[MonthClose]:
    """The earlier months that the paper compares with or corrects, and whose figures have to be borne out anew.

    A month before whose paper was signed as it was closed was counted at that signature.
    """
    found = {one.closed.pk: one.closed for one in printed if one.closed.first != period.first}
    before = close_of(county, period.previous)
    if before is not None:
        papers = Bulletin.objects.filter(county=county, kind=PeriodKind.MONTH, first=before.first)
        if before.adjustments.exists() or not papers.filter(published_at__isnull=False).exists():
            found[before.pk] = before
    return list(found.values())


def _unstated(closed: MonthClose, now: Sheet, label: str = "") -> list[str]:
    """The figures of a closed month that the events give otherwise, and no dated correction says so."""
    columns = set(closed.columns) & set(KEPT)
    names = {line.body.path: line.body.name for line in (*now.halls, *now.organs)}
    found = adjustments(now.period, standing(closed), now.by_path(), columns)
    return [
        f"{label}{names.get(one.body, one.body)}的{BY_KEY[one.column].label}"
        f"（月结及更正 {one.before}，记录 {one.after}，没有登记更正）"
        for one in found
    ]


def _left_out(county: Hall, period: Period) -> list[str]:
    """The corrections that no paper prints: this one has to."""
    return [
        f"{one.month}{one.body}的{BY_KEY[one.column].label}由 {one.before} 更正为 {one.after}（没有印出）"
        for one in _corrections(county, period, unprinted(county, period))
    ]


def _before(county: Hall, period: Period, moment: Moment) -> Sheet:
    """The month before as its paper has it; one that nobody closed, or a week, as it is counted now."""
    closed = close_of(county, period.previous) if period.kind is PeriodKind.MONTH else None
    if closed is not None:
        return standing_sheet(closed, moment.calendar)
    return sheet_of(period.previous, county, moment.calendar)


def _corrections(county: Hall, period: Period, printed: list[MonthAdjustment]) -> list[Adjustment]:
    """What is printed, by the name of the body: one that was dissolved since has its own, too.

    A figure that was corrected more than once since it was printed last is told once, from what was printed to what
    stands; one that stands where it was printed, as after a false entry was taken back, is no correction.
    """
    names = {body.path: body.name for bodies in bodies_of(county, period) for body in bodies}
    steps: dict[tuple[date, str, str], list[MonthAdjustment]] = {}
    for one in printed:
        steps.setdefault((one.closed.first, one.path, one.column), []).append(one)
    return [
        Adjustment(
            Period(PeriodKind.MONTH, first).label,
            names.get(path, path),
            column,
            chain[0].before,
            chain[-1].after,
            is_own=first == period.first,
        )
        for (first, path, column), chain in steps.items()
        if chain[0].before != chain[-1].after
    ]
