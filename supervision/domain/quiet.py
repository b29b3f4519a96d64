"""When a telephone may ring: in the office hours of the work calendar. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import ONE_DAY, SHANGHAI, day_of, start_of

# After which pauses a text that did not leave is tried again, in minutes; then somebody has to look.
PAUSES: Final = (1, 5, 15, 60, 240)
MOST_ATTEMPTS: Final = len(PAUSES) + 1
# How soon a rung that could not be told is tried again; it never gives up, and never stands in the way.
RETELL: Final = (1, 5, 30, 240)


def is_open(moment: datetime, calendar: WorkCalendar) -> bool:
    """Whether somebody sits at work now. The lunch hour counts: that is when a village clerk reads."""
    local = moment.astimezone(SHANGHAI)
    return calendar.is_working(local.date()) and calendar.hours.opening <= local.time() < calendar.hours.closing


def next_opening(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The moment itself within office hours, else when the office opens next."""
    if is_open(moment, calendar):
        return moment
    local = moment.astimezone(SHANGHAI)
    day = local.date() if local.time() < calendar.hours.opening else local.date() + ONE_DAY
    return datetime.combine(calendar.next_working(day), calendar.hours.opening, tzinfo=SHANGHAI)


def days_later(moment: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The opening of the office so many working days later."""
    return next_opening(start_of(calendar.shift_working(day_of(moment), days)), calendar)


def pause_after(attempts: int, pauses: tuple[int, ...] = PAUSES) -> int:
    """Minutes to wait after so many attempts that failed: growing, then constant."""
    return pauses[min(max(attempts, 1), len(pauses)) - 1]
