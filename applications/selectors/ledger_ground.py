"""What the ledger stands on: the limit that every open case must have, guides, rules and calendars as they were signed.

An event that tells a case out of its limit is in order in itself, and so is a rule that was rewritten together with
every date that follows from it: each is held here against what it must agree with.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from applications.domain.ledger import Fault
from applications.models import Application, ApplicationStep, Clock, RuleSet
from halls.models import CalendarNotice, CalendarYear
from matters.models import MatterVersion

_CASES: Final = Application._meta.db_table
_CLOCKS: Final = Clock._meta.db_table
# Every open case is under a limit; the promise runs while a case is worked on, and with it the step.
_WITHOUT_LIMIT: Final = f"""
    SELECT a.id, a.event_seq FROM {_CASES} a
    CROSS JOIN LATERAL unnest(CASE a.status
      WHEN 'submitted' THEN ARRAY['pre_review'] WHEN 'received' THEN ARRAY['acceptance']
      WHEN 'correcting' THEN ARRAY['supplement'] WHEN 'in_progress' THEN ARRAY['promised', 'step']
      WHEN 'suspended' THEN ARRAY['special'] WHEN 'granted' THEN ARRAY['delivery']
      WHEN 'refused' THEN ARRAY['delivery'] WHEN 'ready' THEN ARRAY['delivery'] END) AS wanted (kind)
    WHERE NOT EXISTS (
      SELECT FROM {_CLOCKS} c WHERE c.application_id = a.id AND c.state = 'running' AND c.kind = wanted.kind
    )
    GROUP BY a.id ORDER BY a.id
"""  # noqa: S608 - table names of our own models
_OUT_OF_MEASURE: Final = f"""
    SELECT c.application_id, min(c.event_seq) FROM {_CLOCKS} c
      JOIN {_CASES} a ON a.id = c.application_id JOIN {MatterVersion._meta.db_table} g ON g.id = a.guide_id
      LEFT JOIN {ApplicationStep._meta.db_table} s ON s.application_id = c.application_id AND s.seq = c.step_seq
    WHERE CASE c.kind
      WHEN 'promised' THEN (c.amount, c.unit) IS DISTINCT FROM (g.promised_days, 'wd')
      WHEN 'statutory' THEN (c.amount, c.unit) IS DISTINCT FROM (g.statutory_amount, g.statutory_unit)
      WHEN 'pre_review' THEN (c.amount, c.unit) <> (1, 'wd')
      WHEN 'acceptance' THEN (c.amount, c.unit) <> (5, 'wd')
      WHEN 'supplement' THEN c.unit <> 'wd' OR c.amount > 60
      WHEN 'delivery' THEN c.unit <> 'wd' OR c.amount > 10
      WHEN 'step' THEN c.unit <> 'wd' OR c.amount - c.carried > greatest(s.days, 1)
      WHEN 'special' THEN c.unit IS DISTINCT FROM s.unit OR c.amount > greatest(s.days, 1)
      ELSE false END
    GROUP BY c.application_id ORDER BY c.application_id
"""  # noqa: S608
# The days that hold are those of the last notice in force, and that notice is of the days its digest says.
_UNSIGNED_YEARS: Final = f"""
    SELECT y.year FROM {CalendarYear._meta.db_table} y LEFT JOIN LATERAL (
      SELECT n.sha256, n.effective FROM {CalendarNotice._meta.db_table} n
      WHERE n.year = y.year AND n.turn IS NOT NULL ORDER BY n.turn DESC LIMIT 1
    ) n ON true
    WHERE (y.sha256, halls_calendar_digest(y.year), halls_arrangement_digest(n.effective))
      IS DISTINCT FROM (n.sha256, n.sha256, n.sha256)
"""  # noqa: S608


def faults_of_cases() -> list[Fault]:
    """Return the open cases without the limit their state asks for, and those with a limit of another measure."""
    faults = []
    with connection.cursor() as cursor:
        for code, statement in (("no_limit", _WITHOUT_LIMIT), ("measure", _OUT_OF_MEASURE)):
            cursor.execute(statement)
            faults += [Fault(case, seq, code) for case, seq in cursor.fetchall()]
    return faults


def faults_of_ground() -> list[Fault]:
    """Return a fault for every set of rules and every year of the calendar that is not as it was signed."""
    # Without their dates: how a session prints those must not decide what is found.
    sets = RuleSet.objects.exclude(confirmed_at=None).only("digest").prefetch_related("rules")
    faults = [Fault(0, 0, "rules") for one in sets if not one.is_as_proposed()]
    with connection.cursor() as cursor:
        cursor.execute(_UNSIGNED_YEARS)
        return faults + [Fault(0, 0, "calendar") for _year in cursor.fetchall()]
