"""起草到期的通报: the machine's own round: close what is over, count closed months again, draft what has no paper.

Every month and every paper is a transaction of its own: what was done before a crash is done, and nobody else waits
for the whole of it.
"""

from __future__ import annotations

import logging

from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from halls.models import Hall, Level
from halls.selectors.work_calendar import read_moment
from supervision.actions.close_month import adjust_month, close_month
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.domain.periods import PeriodKind
from supervision.models import MonthClose
from supervision.selectors.bulletins import missing_periods
from supervision.selectors.month_closes import open_months

logger = logging.getLogger(__name__)


def draft_what_is_due() -> int:
    """Draft every paper that is missing in any county, the oldest first; returns how many were drafted."""
    drafted = 0
    today = day_of(read_moment().at)
    for county in Hall.objects.filter(tier=Level.COUNTY, retired_on__isnull=True):
        missing = missing_periods(county, today)
        if any(period.kind is PeriodKind.MONTH for period in missing):
            for month in open_months(county, today):
                close_month(county, month)
            recount_months(county)
        for period in missing:
            try:
                draft_bulletin(county, period)
            except Refused as refusal:
                if refusal.code != "bulletin_stands":  # another worker was faster
                    raise
            else:
                drafted += 1
    return drafted


def recount_months(county: Hall) -> int:
    """Count every closed month again, before the paper that prints what is found; returns how many figures moved.

    As many sheets as there are closed months, each in its own transaction: once a month, and before a redraft.
    """
    found = sum(
        len(adjust_month(closed)) for closed in MonthClose.objects.filter(county=county).select_related("county")
    )
    logger.info("months_recounted county=%s adjustments=%d", county.code, found)
    return found
