"""The calendar that ships, read from data/calendar without a database."""

from pathlib import Path

import pytest

from halls.domain.calendar import SpecialDay, WorkCalendar
from halls.domain.calendar_file import read_arrangement

DATA = Path(__file__).resolve().parents[3] / "data" / "calendar"


@pytest.fixture(scope="session")
def county() -> WorkCalendar:
    years = [read_arrangement(file.read_bytes()) for file in sorted(DATA.glob("*.json"))]
    special = {day.date: SpecialDay(day.kind, day.name) for year in years for day in year.days}
    return WorkCalendar(frozenset(year.year for year in years), special)
