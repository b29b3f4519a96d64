"""起草通报: the machine drafts what a week or a month has to say: a week as counted now, a month as it was closed."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from applications.selectors.county import county_of
from halls.acting import Actor
from halls.domain.errors import NotPermitted, Refused
from halls.domain.worktime import day_of
from halls.models import Hall
from halls.permissions import may_sign
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.close_month import adjust_month, close_month, digest_of, hold_books, last_event, now_and
from supervision.actions.tell_bulletin import tell_drafted
from supervision.domain.bulletin import Marks, compose
from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import Adjustment
from supervision.models import Anchor, Bulletin, MonthAdjustment, MonthClose, PrintedCorrection
from supervision.selectors.bulletins import exclusions_of, missing_periods
from supervision.selectors.month_closes import close_of, standing_sheet, unprinted
from supervision.selectors.period_sheet import Sheet, bodies_of, sheet_of

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
    content = _content(county, period, moment, closed, printed)
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


def _content(
    county: Hall, period: Period, moment: Moment, closed: MonthClose | None, printed: list[MonthAdjustment]
) -> dict[str, object]:
    now = standing_sheet(closed, moment.calendar) if closed else sheet_of(period, county, moment.calendar)
    before = _before(county, period, moment) if closed else sheet_of(period.previous, county, moment.calendar)
    mark = Anchor.objects.first()
    anchor = _("锚点第 %(serial)d 号 %(code)s") % {"serial": mark.serial, "code": mark.code} if mark else _("尚无锚点")
    return compose(
        period,
        county_of(county.path).name,
        ((now.halls, now.organs), (before.halls, before.organs)),
        exclusions=exclusions_of(county, period),
        corrections=_corrections(county, period, printed),
        marks=Marks(anchor, _counted(moment, closed)),
    )


def _before(county: Hall, period: Period, moment: Moment) -> Sheet:
    """The month before as its paper has it; one that nobody closed, as it is counted now."""
    closed = close_of(county, period.previous)
    if closed is not None:
        return standing_sheet(closed, moment.calendar)
    return sheet_of(period.previous, county, moment.calendar)


def _counted(moment: Moment, closed: MonthClose | None) -> str:
    if closed is None:
        words = _("按 %(at)s 的记录统计，最后一条记录为第 %(event)d 号。")
        return words % {"at": now_and(moment.at), "event": last_event()}
    words = _("按 %(closed)s 月结的数字和到 %(at)s 为止登记的更正，月结时最后一条记录为第 %(event)d 号。")
    return words % {"closed": now_and(closed.closed_at), "at": now_and(moment.at), "event": closed.events}


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
