"""月结: keep what the books say of a month that is over, once; date every figure that is counted otherwise later."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from applications.models import Event
from halls.domain.errors import Refused
from halls.domain.worktime import SHANGHAI
from halls.models import Hall
from halls.selectors.work_calendar import read_moment
from supervision.domain.columns import KEPT
from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import adjustments
from supervision.models import MonthAdjustment, MonthClose
from supervision.selectors.month_closes import close_of, standing
from supervision.selectors.period_sheet import sheet_of

logger = logging.getLogger(__name__)


@transaction.atomic
def close_month(county: Hall, period: Period) -> MonthClose:
    """Close the month, or return how it was closed. Raises Refused (`month_not_over`)."""
    hold_books(county)
    closed = close_of(county, period)
    if closed is not None:
        return closed
    moment = read_moment()
    if period.kind is not PeriodKind.MONTH or not period.is_over(moment.at):
        raise Refused("month_not_over", "这个月还没有过完，不能月结。", cure="请在下月 1 日以后再来。")
    figures = sheet_of(period, county, moment.calendar).by_path()
    logger.info("month_closed month=%s", period.first)
    return MonthClose.objects.create(
        county=county,
        first=period.first,
        figures=figures,
        columns=list(KEPT),
        digest=digest_of(figures),
        events=last_event(),
        closed_at=moment.at,
    )


@transaction.atomic
def adjust_month(closed: MonthClose) -> list[MonthAdjustment]:
    """Count a closed month again; every figure that differs from what stands is written down with today's date."""
    hold_books(closed.county)
    moment = read_moment()
    period = Period(PeriodKind.MONTH, closed.first)
    sheet = sheet_of(period, closed.county, moment.calendar)
    compared = set(closed.columns) & set(KEPT)
    found = adjustments(period, standing(closed), sheet.by_path(), compared)
    rows = [
        MonthAdjustment(
            closed=closed, path=one.body, column=one.column, before=one.before, after=one.after, found_at=moment.at
        )
        for one in found
    ]
    return MonthAdjustment.objects.bulk_create(rows)


def hold_books(county: Hall) -> None:
    """One at a time counts and closes for a county."""
    Hall.objects.select_for_update(no_key=True).get(pk=county.pk)


def last_event() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def digest_of(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def now_and(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y年%-m月%-d日 %H:%M}"
