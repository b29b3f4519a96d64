"""Units as the guides and the database write them, and the units of the work calendar."""

from __future__ import annotations

from halls.domain.budget import Unit

UNITS: dict[str, Unit] = {
    "wh": Unit.WORKING_HOUR,
    "wd": Unit.WORKING_DAY,
    "cd": Unit.CALENDAR_DAY,
    "mo": Unit.MONTH,
    "y": Unit.YEAR,
}
