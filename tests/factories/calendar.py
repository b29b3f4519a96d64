"""Change the work calendar of a test as the owner of the database may: loaded with a reason, or unloaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import connection

from halls.actions.load_calendar import load_calendar
from halls.domain.calendar import DayKind
from halls.domain.calendar_file import ArrangedDay, Arrangement
from halls.domain.notice_text import read_notice
from halls.selectors.calendar_notices import arrangement_in_force
from tests.halls.domain.notices import ITEMS_2027, notice

NEXT_YEAR = notice(2027, ITEMS_2027)


def with_days(
    year: int, *, off: Iterable[str] = (), worked: Iterable[str] = (), plain: Iterable[str] = ()
) -> Arrangement:
    """Return the year as it holds now, with these days changed."""
    now = arrangement_in_force(year)
    assert now is not None
    days = {day.date: day for day in now.days if day.date.isoformat() not in set(plain)}
    for kind, chosen in ((DayKind.HOLIDAY, off), (DayKind.MAKEUP, worked)):
        days |= {date.fromisoformat(day): ArrangedDay(date.fromisoformat(day), kind, "示例调整") for day in chosen}
    return replace(now, days=tuple(sorted(days.values(), key=lambda day: day.date)))


def load_days(year: int, **changes: Iterable[str]) -> None:
    load_calendar([with_days(year, **changes)], reason="示例：调整")


def publish_2027() -> None:
    load_calendar([read_notice(NEXT_YEAR)])


def unload_year(year: int) -> None:
    """Make it as if the year had never been loaded; the triggers that would refuse it are off meanwhile."""
    tables = ("halls_calendarday", "halls_calendarnotice", "halls_calendaryear")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {table} WHERE year = %s", [year])
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
