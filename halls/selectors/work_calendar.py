"""Read the work calendar and the moment of an act.

A process keeps the calendar it read last, under a fingerprint that changes with every change of the
published years; asking for the fingerprint costs nothing where the moment is asked for anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import DateField, Func

from halls.domain.calendar import DayKind, SpecialDay, WorkCalendar
from halls.domain.worktime import SHANGHAI
from halls.models import CalendarDay, CalendarNotice, CalendarYear

_YEARS: Final = CalendarYear._meta.db_table
_DAYS: Final = CalendarDay._meta.db_table
_NOTICES: Final = CalendarNotice._meta.db_table
_FINGERPRINT: Final = "y.id || '.' || y.version || '.' || left(y.sha256, 8)"  # as halls_moment() has it
_ALL_FINGERPRINTS: Final = f"SELECT coalesce(string_agg({_FINGERPRINT}, ' ' ORDER BY y.year), '') FROM {_YEARS} y"  # noqa: S608
_MOMENT: Final = "SELECT at, calendar FROM halls_moment()"
# Which of the days are the county's own, and by which document: as halls.domain.county_days.county_made has it.
_CALENDAR: Final = f"""
    WITH state AS (
      SELECT DISTINCT ON (n.year) n.content FROM {_NOTICES} n WHERE n.turn IS NOT NULL AND n.kind = 'state'
      ORDER BY n.year, n.turn DESC
    ), off AS (
      SELECT (one ->> 'date')::date AS date FROM state, jsonb_array_elements(state.content -> 'days') one
      WHERE one ->> 'kind' = 'holiday'
    ), county AS (
      SELECT DISTINCT ON (date) (one ->> 'date')::date AS date, n.document_no
      FROM {_NOTICES} n, jsonb_array_elements(n.content -> 'days') one
      WHERE n.turn IS NOT NULL AND n.kind = 'county' ORDER BY date, n.turn DESC
    )
    SELECT y.year, {_FINGERPRINT}, d.date, d.kind, d.name, c.document_no
    FROM {_YEARS} y LEFT JOIN {_DAYS} d ON d.year = y.year
    LEFT JOIN county c ON c.date = d.date AND NOT EXISTS (SELECT FROM off WHERE off.date = d.date)
    ORDER BY y.year, d.date
"""  # noqa: S608

# The day by the database's clock, for a query of a page that reads no moment besides.
TODAY: Final = Func(template="(halls_now() AT TIME ZONE 'Asia/Shanghai')::date", output_field=DateField())


@dataclass(frozen=True, slots=True)
class Moment:
    """When an act happens, by the database's clock in whole seconds, and the calendar that holds then.

    Whole, because a limit ends with its last second: at 23:59:59 and a half it is not over.
    """

    at: datetime
    calendar: WorkCalendar


_last_read = WorkCalendar(frozenset(), {})


def read_moment() -> Moment:
    """Return the moment of the act and the calendar, in one statement (two when the calendar changed).

    Call it once, after the lock is taken. Until the transaction ends no other calendar comes into force, so that
    recalculation finds whatever was derived under this one; keep such a transaction short.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOMENT)
        now, fingerprint = cursor.fetchone()
    return Moment(now.astimezone(SHANGHAI).replace(microsecond=0), _calendar(fingerprint))


def load_calendar() -> WorkCalendar:
    """Return the calendar as the database holds it now, in one statement (two when it changed)."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_FINGERPRINTS)
        (fingerprint,) = cursor.fetchone()
    return _calendar(fingerprint)


def _calendar(fingerprint: str) -> WorkCalendar:
    global _last_read
    calendar = _last_read
    if calendar.version != fingerprint:
        calendar = _last_read = _read_calendar()
    return calendar


def _read_calendar() -> WorkCalendar:
    """Read years, days and their fingerprint in one statement, so that they belong together."""
    with connection.cursor() as cursor:
        cursor.execute(_CALENDAR)
        rows = cursor.fetchall()
    fingerprints = {year: fingerprint for year, fingerprint, *_ in rows}
    special = {day: SpecialDay(DayKind(kind), name) for *_, day, kind, name, _document in rows if day is not None}
    county = {day: document for *_, day, _kind, _name, document in rows if document}
    return WorkCalendar(frozenset(fingerprints), special, version=" ".join(fingerprints.values()), county=county)
