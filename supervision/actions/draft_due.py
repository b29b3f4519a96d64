"""起草到期的通报: the machine's own round: papers of weeks, then months closed, counted again and drafted.

Every month and every paper is a transaction of its own: what was done before a crash is done, and nobody else waits
for the whole of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from django.core.cache import cache

from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from halls.models import Hall, Level
from halls.selectors.work_calendar import read_moment
from supervision.actions.close_month import adjust_month, close_month
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.domain.periods import Period, PeriodKind
from supervision.models import MonthClose
from supervision.selectors.bulletins import missing_periods
from supervision.selectors.month_closes import open_months

logger = logging.getLogger(__name__)

# A round that was killed while it counted closed months again is gone on with so long (seconds).
RESUMED_WITHIN: Final = 24 * 3600


def draft_what_is_due() -> int:
    """Draft every paper that is missing in any county, the oldest first; returns how many were drafted.

    The weeks come first: nothing is counted again for them, and they wait for no month.
    """
    drafted = 0
    today = day_of(read_moment().at)
    for county in Hall.objects.filter(tier=Level.COUNTY, retired_on__isnull=True):
        missing = missing_periods(county, today)
        drafted += _draft(county, (period for period in missing if period.kind is PeriodKind.WEEK))
        if months := [period for period in missing if period.kind is PeriodKind.MONTH]:
            for month in open_months(county, today):
                close_month(county, month)
            recount_months(county)
            drafted += _draft(county, months)
    return drafted


def _draft(county: Hall, periods: Iterable[Period]) -> int:
    drafted = 0
    for period in periods:
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

    As many sheets as there are closed months, each in its own transaction: once a month, and before a redraft. A round
    that was killed goes on behind the last month that it counted; where that was forgotten, it begins again.
    """
    bookmark = f"months_recounted:{county.pk}"
    through = cache.get(bookmark)
    rows = MonthClose.objects.filter(county=county, **({"first__gt": through} if through else {}))
    found = 0
    for closed in rows.select_related("county").order_by("first"):
        found += len(adjust_month(closed))
        cache.set(bookmark, closed.first, RESUMED_WITHIN)
    cache.delete(bookmark)
    logger.info("months_recounted county=%s adjustments=%d", county.code, found)
    return found
