"""Who changed what a hall says of itself, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from halls.models import Hall

SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class HallChange:
    at: datetime
    who: str
    why: str


def hall_changes(hall: Hall) -> list[HallChange]:
    """Return the last changes that a person made, the newest first (1 query)."""
    rows: Any = hall.history.filter(history_user__isnull=False).select_related("history_user")
    return [
        HallChange(row.history_date, row.history_user.full_name, row.history_change_reason or "")
        for row in rows.order_by("-history_date", "-history_id")[:SHOWN]
    ]
