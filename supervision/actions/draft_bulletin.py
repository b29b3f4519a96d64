"""起草通报: the machine drafts what a week or a month has to say: a week as counted now, a month as it was closed."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import NotPermitted, Refused
from halls.domain.worktime import day_of
from halls.models import Hall
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from supervision.actions._compose import composed
from supervision.actions._marks import marks_of
from supervision.actions.close_month import adjust_month, close_month, digest_of, hold_books
from supervision.actions.tell_bulletin import tell_drafted
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin, MonthClose, PrintedCorrection
from supervision.selectors.bulletins import missing_periods
from supervision.selectors.month_closes import close_of, standing_sheet, unprinted
from supervision.selectors.period_sheet import sheet_of

logger = logging.getLogger(__name__)


@transaction.atomic
def draft_bulletin(county: Hall, period: Period, *, actor: Actor | None = None) -> Bulletin:
    """Draft the paper of a period that is over; `actor` is None for the machine's own round.

    A monthly one closes its month first, or counts it again, and prints what stands; with it every correction that no
    standing paper prints. Raises NotPermitted, Refused (`period_not_over`, `bulletin_stands`: drop the standing draft
    first; `machine_drafts`: the round will).
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
    if actor is not None and period in missing_periods(county, day_of(moment.at)):
        raise Refused("machine_drafts", _("这一期由系统在后台起草。"), cure=_("请稍候，起草好了会提醒您。"))
    closed = _closed(county, period) if period.kind is PeriodKind.MONTH else None
    printed = unprinted(county, period) if closed else []
    now = standing_sheet(closed, moment.calendar) if closed else sheet_of(period, county, moment.calendar)
    content = composed(county, period, moment, now, printed, marks_of(moment.at, closed))
    logger.info("bulletin_drafted kind=%s first=%s", period.kind, period.first)
    row = Bulletin.objects.create(
        county=county,
        kind=period.kind,
        first=period.first,
        turn=earlier.count() + 1,
        content=content,
        digest=digest_of(content),
        drafted_at=moment.at,
    )
    PrintedCorrection.objects.bulk_create(PrintedCorrection(bulletin=row, adjustment=one) for one in printed)
    tell_drafted(row, moment)
    return row


def _closed(county: Hall, period: Period) -> MonthClose:
    """Close the month; one that is closed already is counted again, so that what moved since is dated and printed."""
    closed = close_of(county, period)
    if closed is None:
        return close_month(county, period)
    adjust_month(closed)
    return closed
