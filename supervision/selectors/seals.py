"""What was signed and holds, one digest each, as the daily anchor seals it.

Whoever owns the tables can rewrite a rule together with every date that follows from it, and both proofs of the night
agree. The anchor remembers what the rule said. So it is with a published paper and a closed month; the
corrections of a month are printed in papers that it remembers.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from applications.models import CardRule, RuleSet
from halls.models import CalendarDay, CalendarNotice, CalendarYear
from matters.models import TimeoutPolicy
from supervision.domain.anchors import YEAR
from supervision.models import Bulletin, ExclusionRule, MonthClose

_SIGNED: Final = (
    "s.is_installed, s.reason, s.proposed_by_id, s.proposed_person, extract(epoch FROM s.proposed_at), "
    "s.confirmed_by_id, s.confirmed_person, extract(epoch FROM s.confirmed_at)"
)


def _digest(columns: str) -> str:
    """By name and not by row: a column that comes later changes no digest of today."""
    return f"encode(sha256(convert_to(jsonb_build_array({columns})::text, 'UTF8')), 'hex')"


_RULES: Final = f"""(SELECT jsonb_agg(jsonb_build_array(r.clock_kind, r.level, r.side, r.value, r.unit, r.min_amount,
  r.max_amount, r.only_alone, r.only_immediate, r.is_automatic, r.basis) ORDER BY r.id)
  FROM {CardRule._meta.db_table} r WHERE r.rule_set_id = s.id)"""  # noqa: S608 - table names of our own models
_DAYS: Final = f"""(SELECT jsonb_agg(jsonb_build_array(d.date, d.kind, d.name) ORDER BY d.date)
  FROM {CalendarDay._meta.db_table} d WHERE d.year = s.year)"""  # noqa: S608
_RULE_SET: Final = (
    "s.scope, s.department_id, s.matter_id, s.effective_on, s.ended_on, s.digest, s.code, s.name, s.source"
)
_POLICY: Final = (
    "s.matter_id, s.place, s.step_seq, s.step_name, s.step_kind, s.policy, s.law, s.article, s.document_no, "
    "s.effective_on, s.ended_on"
)
# Of a notice not how far the cases behind it were looked at: that moves.
_NOTICE: Final = "s.year, s.turn, s.kind, s.document_no, s.content, s.effective, s.sha256, s.confirm_reason"
# Of an exclusion not how it was ended: that comes later, by its own guard.
_EXCLUSION: Final = "s.hall_id, s.department_id, s.starts_on, s.until, s.document_no"
_PAPER: Final = (
    "s.county_id, s.kind, s.first, s.turn, s.content, s.digest, extract(epoch FROM s.drafted_at), s.remarks, "
    "s.reviewed_by_id, s.reviewed_person, extract(epoch FROM s.reviewed_at), s.signed_by_id, s.signed_person, "
    "extract(epoch FROM s.published_at), s.year, s.serial"
)
_CLOSE: Final = "s.county_id, s.first, s.figures, s.columns, s.digest, s.events, extract(epoch FROM s.closed_at)"
_YEAR: Final = "s.year, s.version, s.sha256, s.document_no, s.published_on, s.source"
_SEALS: Final = f"""
SELECT 'rules:' || s.id, {_digest(f"{_SIGNED}, {_RULE_SET}, {_RULES}")}
FROM {RuleSet._meta.db_table} s WHERE s.confirmed_at IS NOT NULL
UNION ALL
SELECT 'policy:' || s.id, {_digest(f"{_SIGNED}, {_POLICY}")}
FROM {TimeoutPolicy._meta.db_table} s WHERE s.confirmed_at IS NOT NULL
UNION ALL
SELECT 'exclusion:' || s.id, {_digest(f"{_SIGNED}, {_EXCLUSION}")}
FROM {ExclusionRule._meta.db_table} s WHERE s.confirmed_at IS NOT NULL
UNION ALL
SELECT 'notice:' || s.id, {_digest(f"{_SIGNED}, {_NOTICE}")}
FROM {CalendarNotice._meta.db_table} s WHERE s.turn IS NOT NULL
UNION ALL
SELECT 'bulletin:' || s.id, {_digest(_PAPER)}
FROM {Bulletin._meta.db_table} s WHERE s.published_at IS NOT NULL
UNION ALL
SELECT 'month:' || s.id, {_digest(_CLOSE)} FROM {MonthClose._meta.db_table} s
UNION ALL
SELECT '{YEAR}' || s.year || '.' || s.version, {_digest(f"{_YEAR}, {_DAYS}")}
FROM {CalendarYear._meta.db_table} s
"""  # noqa: S608


def read_seals() -> dict[str, str]:
    """Return the digest of every rule set, policy, exclusion and notice in force, of every year of the calendar, of
    every published bulletin and of every closed month.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEALS)
        return dict(cursor.fetchall())
