"""The number that a row will have: the page of its limit is told before the row is there."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model


def next_id(model: type[Model]) -> int:
    """Draw the next number of the table (one statement)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        (pk,) = cursor.fetchone()
    return int(pk)
