"""When default actions must wait for a person: after an outage, or when there are too many at once. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import time_used

LONGEST_SILENCE: Final = timedelta(hours=2)  # of office time
ALWAYS_ALLOWED: Final = 20
SHARE_ALLOWED: Final = 0.05  # of the open cases


def was_out(last_finished: datetime, now: datetime, calendar: WorkCalendar) -> bool:
    """Whether nobody watched for more than two hours in which offices were open.

    A night or a holiday without a sweep is no outage: nobody could have acted then anyway.
    """
    return time_used(last_finished, now, calendar) > LONGEST_SILENCE


def is_too_many(waiting: int, open_cases: int) -> bool:
    """Whether so many defaults at once are more likely a fault of the system than of so many people."""
    return waiting > max(ALWAYS_ALLOWED, SHARE_ALLOWED * open_cases)
