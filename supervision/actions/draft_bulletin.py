"""起草通报: the machine drafts what a week or a month has to say, from the books as they stand."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from applications.selectors.county import county_of
from halls.acting import Actor
from halls.domain.errors import NotPermitted, Refused
from halls.domain.worktime import day_of
from halls.models import Hall, Level
from halls.permissions import may_sign
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.close_month import adjust_month, close_month, digest_of, hold_books, last_event, now_and
from supervision.domain.bulletin import Marks, compose
from supervision.domain.periods import Period, PeriodKind, period_of
from supervision.domain.statistics import Adjustment
from supervision.models import Anchor, Bulletin, MonthClose
from supervision.selectors.bulletins import exclusions_within
from supervision.selectors.period_sheet import sheet_of

logger = logging.getLogger(__name__)


def draft_what_is_due() -> int:
    """Draft the last week and the last month of every county where nobody has; returns how many were drafted."""
    drafted = 0
    today = day_of(read_moment().at)
    for county in Hall.objects.filter(tier=Level.COUNTY, retired_on__isnull=True):
        for kind in PeriodKind:
            period = period_of(kind, today).previous
            if not Bulletin.objects.filter(county=county, kind=kind, first=period.first).exists():
                draft_bulletin(county, period)
                drafted += 1
    return drafted


@transaction.atomic
def draft_bulletin(county: Hall, period: Period, *, actor: Actor | None = None) -> Bulletin:
    """Draft the paper of a period that is over; `actor` is None for the machine's own round.

    A monthly one closes its month first, and prints what has been corrected in months that were closed before.
    Raises NotPermitted, Refused (`period_not_over`, `bulletin_stands`: drop the standing draft first).
    """
    if actor is not None and not may_sign(actor):
        raise NotPermitted(
            "no_county_duty", _("统计通报由县监察员起草和签发。"), cure=_("请由县监察员或县系统管理员处理。")
        )
    hold_books(county)
    moment = read_moment()
    if not period.is_over(moment.at):
        raise Refused("period_not_over", _("这一期还没有结束。"), cure=_("请等这一期结束后再起草。"))
    earlier = Bulletin.objects.filter(county=county, kind=period.kind, first=period.first)
    if earlier.filter(dropped_at__isnull=True).exists():
        raise Refused("bulletin_stands", _("这一期已经有一份。"), cure=_("要重新起草，请先把现有的草稿作废。"))
    corrections = _close_and_correct(county, period) if period.kind is PeriodKind.MONTH else []
    content = _content(county, period, moment, corrections)
    logger.info("bulletin_drafted kind=%s first=%s", period.kind, period.first)
    return Bulletin.objects.create(
        county=county,
        kind=period.kind,
        first=period.first,
        turn=earlier.count() + 1,
        content=content,
        digest=digest_of(content),
        drafted_at=moment.at,
    )


def _close_and_correct(county: Hall, period: Period) -> list[Adjustment]:
    """Close the month, and count the year's closed months again: what changed is dated and printed."""
    close_month(county, period)
    since = period.first - timedelta(days=366)
    for closed in MonthClose.objects.filter(county=county, first__gte=since, first__lt=period.first):
        adjust_month(closed)
    begun = period.begins_at
    rows = [
        (closed, one)
        for closed in MonthClose.objects.filter(county=county, first__lt=period.first).order_by("first")
        for one in closed.adjustments.filter(found_at__gte=begun)
    ]
    return [
        Adjustment(Period(PeriodKind.MONTH, closed.first).label, one.path, one.column, one.before, one.after)
        for closed, one in rows
    ]


def _content(county: Hall, period: Period, moment: Moment, corrections: list[Adjustment]) -> dict[str, object]:
    now = sheet_of(period, county, moment.calendar)
    before = sheet_of(period.previous, county, moment.calendar)
    mark = Anchor.objects.first()
    anchor = _("锚点第 %(serial)d 号 %(code)s") % {"serial": mark.serial, "code": mark.code} if mark else _("尚无锚点")
    counted = _("按 %(at)s 的记录统计，最后一条记录为第 %(event)d 号。") % {
        "at": now_and(moment),
        "event": last_event(),
    }
    return compose(
        period,
        county_of(county.path).name,
        ((now.halls, now.organs), (before.halls, before.organs)),
        exclusions=exclusions_within(county, period),
        corrections=corrections,
        marks=Marks(anchor, counted),
    )
