"""Cards, and rungs of other limits, that nobody was told of and that no queue holds: somebody emptied it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import connection

from applications.models import Application
from supervision.models import CardReview, LadderStep, LimitWarning, Message, Term, TermWarning, Untold
from supervision.selectors.proof import RECORDED_WITHIN, Difference

_LADDER: Final = LadderStep._meta.db_table
Audience = LadderStep.Audience
# A card that waits for a person is told when it is confirmed.
# Told is told at once where the ladder has a step without delay; rows of a clock replace the general ones.
_FORGOTTEN: Final = f"""
SELECT a.id, coalesce(a.number, ''), w.clock_id, w.clock_kind, w.level
FROM {LimitWarning._meta.db_table} w JOIN {Application._meta.db_table} a ON a.id = w.application_id
LEFT JOIN {CardReview._meta.db_table} v ON v.card_id = w.id AND v.act = 'confirm'
WHERE CASE WHEN w.mode = 'auto' THEN w.recorded_at ELSE v.at END
    BETWEEN %(now)s - interval '8 days' AND %(now)s - make_interval(secs => %(within)s)
  AND EXISTS (SELECT FROM {_LADDER} l WHERE l.level = w.level AND l.delay_days = 0 AND l.clock_kind =
    CASE WHEN EXISTS (SELECT FROM {_LADDER} o WHERE o.level = w.level AND o.clock_kind = w.clock_kind)
      THEN w.clock_kind ELSE '' END)
  AND NOT EXISTS (SELECT FROM {Untold._meta.db_table} u WHERE u.warning_id = w.id)
  AND NOT EXISTS (SELECT FROM {Message._meta.db_table} m WHERE m.key = 'warning:' || w.id)
ORDER BY w.id
"""  # noqa: S608 - table names of our own models

# The same of a limit that is no case's: nobody is told of one that stood before anybody had to be told, and a villager
# never. One that waited in vain until it stood is found, too: nobody heard of it while there was something to do.
_FORGOTTEN_RUNGS: Final = f"""
SELECT t.title, t.kind, w.level
FROM {TermWarning._meta.db_table} w JOIN {Term._meta.db_table} t ON t.id = w.term_id
WHERE w.recorded_at BETWEEN %(now)s - interval '8 days' AND %(now)s - make_interval(secs => %(within)s)
  AND (t.stopped_at IS NULL OR t.stopped_at > w.recorded_at + make_interval(secs => %(within)s))
  AND EXISTS (SELECT FROM {_LADDER} l WHERE l.level = w.level AND l.delay_days = 0
    AND l.audience NOT IN ('{Audience.FILING_CLERK}', '{Audience.APPLICANT}') AND l.clock_kind =
    CASE WHEN EXISTS (SELECT FROM {_LADDER} o WHERE o.level = w.level AND o.clock_kind = t.kind)
      THEN t.kind ELSE '' END)
  AND NOT EXISTS (SELECT FROM {Untold._meta.db_table} u WHERE u.term_warning_id = w.id)
  AND NOT EXISTS (SELECT FROM {Message._meta.db_table} m WHERE m.key =
    'term:' || t.id || ':' || w.level || CASE WHEN w.arming > 1 THEN ':' || w.arming ELSE '' END)
ORDER BY w.id
"""  # noqa: S608 - table names of our own models


def untold_cards(now: datetime) -> list[Difference]:
    """Return a difference for every such card: one statement."""
    return [
        Difference(case, number, clock, kind, f"told {level}", str(None), level)
        for case, number, clock, kind, level in _rows(_FORGOTTEN, now)
    ]


def untold_rungs(now: datetime) -> list[Difference]:
    """Return a difference for every such rung of a limit that is no case's: one statement."""
    return [
        Difference(0, title, None, kind, f"told {level}", str(None), level)
        for title, kind, level in _rows(_FORGOTTEN_RUNGS, now)
    ]


def _rows(sql: str, now: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now, "within": RECORDED_WITHIN.total_seconds()})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
