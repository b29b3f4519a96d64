"""The owner of the tables switches the guards off: what only somebody with the keys to the database could do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

GUARDED = ("applications_application", "applications_clock", "applications_clockfact", "applications_event")


@contextmanager
def unguarded(*tables: str) -> Iterator[None]:
    """Run a block without the triggers of these tables (all guarded ones if none is named)."""
    chosen = tables or GUARDED
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else ALTER TABLE would wait for them
        for table in chosen:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in chosen:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
