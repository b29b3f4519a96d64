"""Days that somebody may ask for: beyond them no calendar reaches and no arithmetic holds."""

from __future__ import annotations

from datetime import date
from typing import Final

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.domain.errors import Invalid

EARLIEST: Final = date(FIRST_YEAR, 1, 1)
LATEST: Final = date(LAST_YEAR, 12, 31)


def is_within_reach(day: date) -> bool:
    return EARLIEST <= day <= LATEST


def require_within_reach(day: date, field: str) -> date:
    """Return the day. Raises Invalid for one that no record can have."""
    if not is_within_reach(day):
        cure = f"请写 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间的日期，如 2026-03-05。"
        raise Invalid("day_out_of_reach", "日期太早或太晚。", field=field, cure=cure)
    return day
