"""Moments and their days: every day of the law is a day in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

END_OF_DAY: Final = time(23, 59, 59)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
ONE_DAY: Final = timedelta(days=1)
ONE_HOUR: Final = timedelta(hours=1)
NO_TIME: Final = timedelta()


def local(moment: datetime) -> datetime:
    """Return the moment in Asia/Shanghai. Raises TypeError for a naive moment, whose day nobody knows."""
    if moment.tzinfo is None:
        raise TypeError("A moment needs a time zone.")
    return moment.astimezone(SHANGHAI)


def day_of(moment: datetime) -> date:
    """Return the day in Asia/Shanghai. Raises TypeError for a naive moment."""
    return local(moment).date()


def moment_at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=SHANGHAI)


def start_of(day: date) -> datetime:
    return moment_at(day, time())


def end_of_day(day: date) -> datetime:
    """The last second of the day, with which every limit in days ends (民法典 §203)."""
    return moment_at(day, END_OF_DAY)
