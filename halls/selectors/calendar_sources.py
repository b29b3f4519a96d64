"""Which notice each published year of the calendar was taken from."""

from __future__ import annotations

from collections.abc import Mapping

from halls.domain.calendar import WorkCalendar
from halls.domain.year_source import YearSource
from halls.models import CalendarYear

_last_read: tuple[str, Mapping[int, YearSource]] = ("", {})


def sources_of(calendar: WorkCalendar) -> Mapping[int, YearSource]:
    """Return the source of each published year: one statement, none while the calendar stays the same."""
    global _last_read
    version, known = _last_read
    if version != calendar.version or not version:
        rows = CalendarYear.objects.values_list("year", "document_no", "source", "version")
        known = {row[0]: YearSource(*row) for row in rows}
        _last_read = (calendar.version, known)
    return known
