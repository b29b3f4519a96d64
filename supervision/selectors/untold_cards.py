"""Cards of the last days of which nobody was told and that no queue holds: somebody emptied it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from applications.models import Application
from supervision.models import CardReview, LadderStep, LimitWarning, Message, Untold
from supervision.selectors.proof import RECORDED_WITHIN, Difference

_LADDER: Final = LadderStep._meta.db_table
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


def untold_cards(now: datetime) -> list[Difference]:
    """Return a difference for every such card: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, {"now": now, "within": RECORDED_WITHIN.total_seconds()})
        return [
            Difference(case, number, clock, kind, f"told {level}", str(None), level)
            for case, number, clock, kind, level in cursor.fetchall()
        ]
