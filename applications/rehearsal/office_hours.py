"""Office time as one running number of minutes, so that an act may be planned "90 office minutes later"."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta

from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import SHANGHAI, start_of

MORNING, AFTERNOON = time(9), time(14)
MORNING_MINUTES, DAY_MINUTES = 180, 390  # 9:00 to 12:00 and 14:00 to 17:30


class OfficeHours:
    """The working days of a stretch of the calendar. A moment is a number of office minutes from its beginning."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.days = [day for day in days if calendar.is_working(day)]
        self._ordinals = [day.toordinal() for day in self.days]

    @property
    def total(self) -> float:
        """Return the minute at which the last day closes."""
        return float(len(self.days) * DAY_MINUTES)

    def moment(self, minute: float) -> datetime:
        """Return when an office minute is. One past the end is in the evening of the last day."""
        index, within = divmod(minute, DAY_MINUTES)
        if index >= len(self.days):
            index, within = len(self.days) - 1, DAY_MINUTES + minute - self.total
        opening, behind = (MORNING, within) if within < MORNING_MINUTES else (AFTERNOON, within - MORNING_MINUTES)
        return datetime.combine(self.days[int(index)], opening, tzinfo=SHANGHAI) + timedelta(minutes=behind)

    def minute(self, moment: datetime) -> float:
        """Return the first office minute that is not before a moment."""
        local = moment.astimezone(SHANGHAI)
        index = bisect_left(self._ordinals, local.toordinal())
        if index == len(self.days):
            return self.total
        opening = index * DAY_MINUTES
        if self.days[index] > local.date():
            return float(opening)
        clock = (local - start_of(local.date())).total_seconds() / 60
        morning = min(max(clock - 9 * 60, 0), MORNING_MINUTES)
        return opening + morning + min(max(clock - 14 * 60, 0), DAY_MINUTES - MORNING_MINUTES)
