"""What the ledger stands on: the limit that every open case must have, guides, rules and calendars as they were signed.

An event that tells a case out of its limit is in order in itself, and so is a rule that was rewritten together with
every date that follows from it: each is held here against what it must agree with.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from applications.domain.ledger import Fault
from applications.models import Application, ApplicationStep, Clock, ClockFact, Event, RuleSet
from halls.models import CalendarNotice, CalendarYear, Hall
from matters.models import HallPromise, MatterVersion

_CASES: Final = Application._meta.db_table
_CLOCKS: Final = Clock._meta.db_table
_STEPS: Final = ApplicationStep._meta.db_table
_GUIDES: Final = MatterVersion._meta.db_table
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
# What the hall that accepts itself promised less, and until when: until the day of a decision that came after it.
_OWN_PROMISES: Final = f"""
    SELECT p.id, p.matter_id, p.days, h.path, p.effective_on AS since, (
      SELECT min(q.effective_on) FROM {HallPromise._meta.db_table} q
      WHERE q.id > p.id AND (q.hall_id, q.matter_id) = (p.hall_id, p.matter_id)
    ) AS until
    FROM {HallPromise._meta.db_table} p JOIN {Hall._meta.db_table} h ON h.id = p.hall_id
"""  # noqa: S608
_OUT_OF_MEASURE: Final = f"""
    WITH own AS MATERIALIZED ({_OWN_PROMISES})
    SELECT c.application_id, min(c.event_seq) FROM {_CLOCKS} c
      JOIN {_CASES} a ON a.id = c.application_id JOIN {_GUIDES} g ON g.id = a.guide_id
      LEFT JOIN {_STEPS} s ON s.application_id = c.application_id AND s.seq = c.step_seq
      LEFT JOIN own ON c.kind = 'promised' AND own.matter_id = a.matter_id
        AND own.path = regexp_replace(a.accept_path, '~.*', '') AND own.days < g.promised_days
        AND g.handling <> 'immediate' AND (c.started_at AT TIME ZONE 'Asia/Shanghai')::date >= own.since
        AND ((c.started_at AT TIME ZONE 'Asia/Shanghai')::date < own.until OR own.until IS NULL)
    WHERE CASE c.kind
      WHEN 'promised' THEN (c.amount, c.unit) IS DISTINCT FROM (coalesce(own.days, g.promised_days), 'wd')
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
# Under a hall's promise: the decision that the start of the clock names is that hall's and of these days, ...
_OF_NO_DECISION: Final = f"""
    SELECT c.application_id, min(e.seq) FROM {_CLOCKS} c
      JOIN {_CASES} a ON a.id = c.application_id JOIN {_GUIDES} g ON g.id = a.guide_id
      JOIN {ClockFact._meta.db_table} f ON f.clock_id = c.id AND f.move = 'start'
      JOIN {Event._meta.db_table} e ON e.application_id = a.id AND e.seq = f.event_seq
      LEFT JOIN ({_OWN_PROMISES}) own ON own.matter_id = a.matter_id AND own.days = c.amount
        AND own.path = regexp_replace(a.accept_path, '~.*', '')
        AND own.id::text = applications_told(e.detail, 'promised', 'start')->>'promise'
    WHERE c.kind = 'promised' AND c.amount < g.promised_days AND own.id IS NULL
    GROUP BY c.application_id ORDER BY c.application_id
"""  # noqa: S608
# ... and its days are dealt out to the steps one by one: each to the first that has come so far of the guide's.
_OUT_OF_SHARE: Final = f"""
    SELECT c.application_id, min(c.event_seq) FROM {_CLOCKS} c
      JOIN {_CLOCKS} t ON t.application_id = c.application_id AND t.kind = 'promised'
      JOIN {_CASES} a ON a.id = c.application_id JOIN {_GUIDES} g ON g.id = a.guide_id
      JOIN {_STEPS} s ON s.application_id = c.application_id AND s.seq = c.step_seq
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(r.days), 0) AS whole, coalesce(sum(r.days) FILTER (WHERE r.seq < s.seq), 0) AS before
        FROM {_STEPS} r WHERE r.application_id = c.application_id AND r.counts
      ) route
      CROSS JOIN LATERAL (
        SELECT count(*) AS days FROM generate_series(1, t.amount) AS day
        WHERE day * route.whole > route.before * t.amount
          AND day * route.whole <= (route.before + s.days) * t.amount
      ) dealt
    WHERE c.kind = 'step' AND t.amount < g.promised_days AND s.counts AND route.whole > t.amount
      AND c.amount - c.carried > greatest(dealt.days, 1)
    GROUP BY c.application_id ORDER BY c.application_id
"""  # noqa: S608
_MEASURES: Final = (_OUT_OF_MEASURE, _OF_NO_DECISION, _OUT_OF_SHARE)
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
    measured: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_LIMIT)
        faults = [Fault(case, seq, "no_limit") for case, seq in cursor.fetchall()]
        for statement in _MEASURES:
            cursor.execute(statement)
            for case, seq in cursor.fetchall():
                measured.setdefault(case, seq)
    return faults + [Fault(case, seq, "measure") for case, seq in sorted(measured.items())]


def faults_of_ground() -> list[Fault]:
    """Return a fault for every set of rules and every year of the calendar that is not as it was signed."""
    # Without their dates: how a session prints those must not decide what is found.
    sets = RuleSet.objects.exclude(confirmed_at=None).only("digest").prefetch_related("rules")
    faults = [Fault(0, 0, "rules") for one in sets if not one.is_as_proposed()]
    with connection.cursor() as cursor:
        cursor.execute(_UNSIGNED_YEARS)
        return faults + [Fault(0, 0, "calendar") for _year in cursor.fetchall()]
