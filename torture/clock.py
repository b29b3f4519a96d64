"""The clock of a torture: one row that every process of the private cluster reads, and that only moves forward.

It runs as fast as time does and is set ahead now and then, so that months pass in minutes. No process can tell: they
all ask halls_now(), which nowhere else can be moved from outside a session of the owner.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import psycopg2

from halls.domain.worktime import SHANGHAI

INSTALL: Final = """
CREATE TABLE torture_clock (moment timestamptz NOT NULL, set_at timestamptz NOT NULL DEFAULT clock_timestamp());
INSERT INTO torture_clock (moment) VALUES (%(start)s);
CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT moment + (clock_timestamp() - set_at) FROM torture_clock $$;
"""
SET_AHEAD: Final = """
UPDATE torture_clock SET moment = greatest(%(to)s, moment + (clock_timestamp() - set_at)), set_at = clock_timestamp()
RETURNING moment
"""


def install(owner_url: str, start: datetime) -> None:
    """Replace the clock of acts, as the owner."""
    with psycopg2.connect(owner_url) as connection, connection.cursor() as cursor:
        cursor.execute(INSTALL, {"start": start})
    connection.close()


def set_ahead(owner_url: str, to: datetime) -> datetime:
    """Let time jump to that moment for every process at once; it never goes back. Raises OperationalError."""
    connection = psycopg2.connect(owner_url, connect_timeout=3)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(SET_AHEAD, {"to": to})
            row = cursor.fetchone()
    finally:
        connection.close()
    assert row is not None
    moment: datetime = row[0]
    return moment.astimezone(SHANGHAI)
