"""八统一核对: compare what is published, every night, and keep what was found."""

from __future__ import annotations

import logging
from typing import Final

from halls.selectors.work_calendar import read_moment
from matters.models import SamenessReport
from matters.selectors.sameness import as_json, comparison

logger = logging.getLogger(__name__)
KEPT: Final = 500


def compare_guides() -> SamenessReport:
    """Compare and keep a report. It changes nothing else; twice a night makes two reports that say the same."""
    found = comparison()
    report = SamenessReport.objects.create(
        made_at=read_moment().at,
        matters=found.matters,
        halls=found.halls,
        compared=found.compared,
        uncoded=found.uncoded,
        differences=len(found.found),
        found=[as_json(one) for one in found.found[:KEPT]],
    )
    logger.info(
        "guides_compared matters=%d compared=%d differences=%d", found.matters, found.compared, len(found.found)
    )
    return report
