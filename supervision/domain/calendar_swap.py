"""One calendar against another: which days differ, and how a year is exchanged. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from halls.domain.calendar import SpecialDay, WorkCalendar
from halls.domain.calendar_file import Arrangement
from halls.domain.moments import day_of

# What ended longer ago than this when a calendar came into force keeps the dates it ended with: nobody acts on them any
# more, and the figures of closed months stay. Settling and proving both ask `ended_since`.
ENDED_WITHIN: Final = timedelta(days=62)


def ended_since(in_force: datetime) -> datetime:
    """Return the moment from which on a case must have ended to be moved by a calendar that came into force then."""
    return in_force - ENDED_WITHIN


@dataclass(frozen=True, slots=True)
class Swap:
    """From one calendar to another, at a moment; it reaches the open cases and those that ended `since`."""

    old: WorkCalendar
    new: WorkCalendar
    now: datetime
    since: datetime

    @property
    def differing(self) -> list[date]:
        """The days that are worked under one calendar and off under the other."""
        days = self.old.special.keys() | self.new.special.keys()
        for year in self.old.published ^ self.new.published:
            days |= {date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
        return sorted(day for day in days if self.old.is_working(day) != self.new.is_working(day))

    @property
    def passed(self) -> list[date]:
        """The differing days that lie behind: the change reaches back into what was already counted and reported."""
        return [day for day in self.differing if day < day_of(self.now)]

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day that the change may touch; None when there is none."""
        days = self.differing
        for year in self.old.published ^ self.new.published:
            days += [date(year, 1, 1), date(year, 12, 31)]
        return (min(days), max(days)) if days else None


def exchanged(calendar: WorkCalendar, out: Arrangement | None, into: Arrangement | None) -> WorkCalendar:
    """Return the calendar with a year as `into` has it, instead of `out`, which it holds; None: not published.

    It is for counting: which of the days of `into` are the county's own is not told.
    """
    gone = {day.date for day in out.days} if out else set()
    special = {day: kind for day, kind in calendar.special.items() if day not in gone}
    special |= {day.date: SpecialDay(day.kind, day.name) for day in into.days} if into else {}
    published = (calendar.published - ({out.year} if out else set())) | ({into.year} if into else set())
    county = {day: document for day, document in calendar.county.items() if day not in gone}
    return replace(calendar, published=published, special=special, version="", county=county)
