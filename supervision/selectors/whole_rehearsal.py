"""The stored rehearsal of a proposal for the whole county: whether it holds, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from halls.models import CalendarNotice
from supervision.models import CalendarRehearsal

# Cases come and go: what was counted earlier than a day ago is counted anew.
FRESH: Final = timedelta(hours=24)


def rehearsal_of(notice: CalendarNotice, version: str, now: datetime) -> CalendarRehearsal | None:
    """Return the rehearsal of exactly these days against this calendar, finished or on its way; None without one."""
    found = CalendarRehearsal.objects.filter(notice=notice).first()
    return found if found is not None and holds(found, notice, version, now) else None


def holds(rehearsal: CalendarRehearsal, notice: CalendarNotice, version: str, now: datetime) -> bool:
    """Whether the rehearsal is of this proposal and this calendar, and no older than a day."""
    is_same = (rehearsal.sha256, rehearsal.calendar) == (notice.sha256, version)
    return is_same and rehearsal.begun_at > now - FRESH
