"""What must have been recorded, as the events tell it and the naive almanac counts it: no column of a clock is asked.

A clock earns one card of a level: at the first moment at which that rung lay behind it while it ran. What happens to
it later, a pause, a new calendar, a stop, takes nothing away; so the prefixes of its story are counted one by one. A
warning comes once more where its rung lies behind an extension or a pause since.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection
from psycopg2.extras import execute_values

from applications.models import Application, Clock
from supervision.selectors.proof import RUNGS, Ground, cases_to_prove, dates_of

TABLE: Final = """
DROP TABLE IF EXISTS pg_temp.torture_expected;
CREATE TEMP TABLE torture_expected (clock_id bigint, level text, arming int, at timestamptz);
"""


def note_what_events_ask(as_of: datetime) -> None:
    """Fill `torture_expected`, a table of this session, with every rung that was reached before `as_of`."""
    ground = Ground.read(as_of)
    rows = [
        (clock.pk, level, arming, at)
        for chunk in cases_to_prove(None)
        for case in chunk
        for clock in case.clocks.all()
        for level, arming, at in _reached(clock, case, ground)
    ]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        execute_values(cursor, "INSERT INTO torture_expected VALUES %s", rows, page_size=1000)
        cursor.execute("CREATE INDEX ON torture_expected (clock_id)")
        cursor.execute("ANALYZE torture_expected")


def _reached(clock: Clock, case: Application, ground: Ground) -> Iterator[tuple[str, int, datetime]]:
    facts = sorted(clock.facts.all(), key=lambda fact: fact.pk)
    moves = [fact.at for fact in facts if fact.move in ("extend", "pause")]
    had: dict[str, list[datetime]] = {level: [] for level in RUNGS}
    for number, fact in enumerate(facts, start=1):
        if fact.move == "stop":
            return
        until = facts[number].at if number < len(facts) else ground.now
        dates = dates_of(clock, facts[:number], case, ground)
        for level, field in RUNGS.items():
            at = dates[field]
            if at is None or at >= min(until, ground.now):
                continue
            said = [one for one in had[level] if level != "warning" or not any(one < move <= at for move in moves)]
            if not said:
                had[level].append(at)
                yield level, len(had[level]), at
