"""Write the days of a year; the database lets them in only beside a notice in force that says the same."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from simple_history.utils import bulk_create_with_history

from halls.domain.calendar_file import Arrangement
from halls.models import CalendarDay, CalendarYear


class Written(NamedTuple):
    """The year as it was written, and the number of its days that differ from before."""

    year: CalendarYear
    added: int
    changed: int
    removed: int


def lock_calendar() -> None:
    """Wait for every act that counted under the calendar of now, and hold up those to come, until the commit.

    Before anything is written: what such an act left behind is there when cases are brought behind the new calendar.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('halls.calendar'))")


def publish_year(arrangement: Arrangement) -> Written:
    """Make the tables say what the arrangement says, inside the caller's transaction. The version rises."""
    year = CalendarYear.objects.select_for_update().filter(year=arrangement.year).first()
    year = year or CalendarYear(year=arrangement.year, version=0)
    year.document_no = arrangement.document_no
    year.published_on = arrangement.published_on
    year.source = arrangement.source
    year.sha256 = arrangement.sha256
    year.version += 1
    year.save()
    return Written(year, *_replace_days(arrangement, year))


def _replace_days(arrangement: Arrangement, year: CalendarYear) -> tuple[int, int, int]:
    """Touch only the days that differ, so that each day's history tells what happened to it."""
    before = {day.date: day for day in year.days.all()}
    wanted = {day.date: day for day in arrangement.days}
    for gone in before.keys() - wanted.keys():
        before[gone].delete()
    changed = 0
    fresh: list[CalendarDay] = []
    for when, want in wanted.items():
        day = before.get(when)
        if day is None:
            fresh.append(CalendarDay(year=year, date=when, kind=want.kind, name=want.name))
        elif (day.kind, day.name) != (want.kind.value, want.name):
            day.kind, day.name = want.kind.value, want.name
            day.save()
            changed += 1
    bulk_create_with_history(fresh, CalendarDay)
    return len(fresh), changed, len(before.keys() - wanted.keys())
