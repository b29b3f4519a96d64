"""Whether the one clock of all acts, the database function halls_now(), is still the one the migration made."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_HONEST = "SELECT clock_timestamp()"
_SOURCE = "SELECT btrim(prosrc) FROM pg_proc WHERE oid = to_regprocedure('halls_now()')"


def is_shiftable(connection: BaseDatabaseWrapper) -> bool:
    """Return whether somebody replaced the clock (a demonstration may, see allow_time_travel); False without one."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE)
        row = cursor.fetchone()
    return row is not None and row[0] != _HONEST
