"""Working days that limits used, and those behind their ends: counted by the database with the ranks of our calendar.

The days of a limit are those after the day it began, up to the day it stopped, without the days of its special
procedures: what halls.domain.worktime.used says of one limit, for all of them in one statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, QuerySet, Value, When

from applications.models import Clock, ClockFact
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import ONE_DAY
from supervision.figures import Present
from supervision.figures_time import BOTH, PROMISED, SEGMENTS, of_concluded

_CLOCKS: Final = Clock._meta.db_table
_FACTS: Final = ClockFact._meta.db_table
LONGEST_CASE: Final = 4 * 366  # days before the month in which a case that ended then may have begun
_DAY: Final = "(%s AT TIME ZONE 'Asia/Shanghai')::date"
# `seen` are the limits asked about. A pause counts up to the day that was granted and to the end of the limit.
_MEASURED: Final = f"""
WITH ranked AS (SELECT * FROM unnest(%s::date[], %s::int[]) AS d(day, n)),
seen AS ({{inner}}),
paused AS (
  SELECT clock, sum(greatest(until.n - since.n, 0)) AS days FROM (
    SELECT s.id AS clock, {_DAY % "p.at"} AS since_day,
      greatest({_DAY % "p.at"}, least(p.granted_until, {_DAY % "s.stopped_at"}, {_DAY % "r.at"})) AS until_day
    FROM seen s JOIN {_FACTS} p ON p.clock_id = s.id AND p.move = 'pause'
    LEFT JOIN LATERAL (SELECT min(at) AS at FROM {_FACTS} f
      WHERE f.clock_id = s.id AND f.move = 'resume' AND f.id > p.id) r ON true
  ) one JOIN ranked since ON since.day = since_day JOIN ranked until ON until.day = until_day
  GROUP BY clock
),
measured AS (
  SELECT s.id, s.segment, s.amount,
    s.amount + coalesce((SELECT sum(e.amount) FROM {_FACTS} e
      WHERE e.clock_id = s.id AND e.move = 'extend' AND e.unit = s.unit), 0) AS given,
    stop.n - start.n - coalesce(paused.days, 0) AS used,
    CASE WHEN s.stopped_at > s.due_at THEN stop.n - due.n ELSE 0 END AS lost,
    (SELECT l.amount FROM {_CLOCKS} l WHERE l.application_id = s.application_id AND l.kind = 'statutory'
      AND l.unit = 'wd' AND l.amount > 0 ORDER BY l.id DESC LIMIT 1) AS lawful
  FROM seen s
  JOIN ranked start ON start.day = {_DAY % "s.started_at"}
  JOIN ranked stop ON stop.day = {_DAY % "s.stopped_at"}
  LEFT JOIN ranked due ON due.day = {_DAY % "s.due_at"}
  LEFT JOIN paused ON paused.clock = s.id
)
"""  # noqa: S608 - table names of our own models
_SUMMED: Final = """
SELECT segment, count(*), sum(amount), sum(given), sum(used), sum(lost), sum(lawful), count(*) FILTER (WHERE lost > 0)
FROM measured GROUP BY segment
"""
_LISTED: Final = "SELECT id, amount, given, used, lost, lawful FROM measured"


@dataclass(frozen=True, slots=True)
class Sums:
    """What the limits of one segment add up to, in working days. `amount`: as promised; `given`: and extended."""

    number: int = 0
    amount: int = 0
    given: int = 0
    used: int = 0
    lost: int = 0
    lawful: int = 0

    def difference(self, names: tuple[str, ...]) -> int:
        """The first of these sums less the others."""
        first, *less = (int(getattr(self, name)) for name in names)
        return first - sum(less)


@dataclass(frozen=True, slots=True)
class Measure:
    """One limit: see `Sums`. `lawful`: the limit of the law of the same case, if there is one in working days."""

    amount: int
    given: int
    used: int
    lost: int
    lawful: int | None


def sums(clocks: QuerySet[Clock], present: Present, calendar: WorkCalendar) -> dict[str, Sums]:
    """Return the sums of each segment, of the promises, and of those beside a limit of the law: one statement."""
    of_month = clocks.filter(of_concluded(present), stopped_at__isnull=False)
    segment = Case(
        When(BOTH, then=Value("promised_and_lawful")),
        When(PROMISED, then=Value("promised")),
        *(When(one.condition, then=Value(one.key)) for one in SEGMENTS),
        default=Value(""),
        output_field=CharField(),
    )
    found: dict[str, Sums] = {}
    for row in _measure(of_month.annotate(segment=segment), present, calendar, _SUMMED):
        found[row[0]] = Sums(*(int(value or 0) for value in row[1:7]))
    # Those beside a limit of the law are promises, too.
    alone, both = found.get("promised", Sums()), found.get("promised_and_lawful", Sums())
    found["promised"] = Sums(*(getattr(alone, name) + getattr(both, name) for name in Sums.__slots__))
    return found


def measures(clocks: list[Clock], present: Present, calendar: WorkCalendar) -> dict[int, Measure]:
    """Return what these limits used, by their keys: one statement."""
    rows = Clock.objects.filter(pk__in=[clock.pk for clock in clocks], stopped_at__isnull=False)
    found = _measure(rows.annotate(segment=Value("", CharField())), present, calendar, _LISTED)
    return {pk: Measure(*told) for pk, *told in found}


def _measure(clocks: QuerySet[Clock], present: Present, calendar: WorkCalendar, asked: str) -> list[tuple[Any, ...]]:
    columns = ("id", "application_id", "amount", "unit", "started_at", "stopped_at", "due_at", "segment")
    try:
        inner, params = clocks.order_by().values(*columns).query.sql_with_params()
    except EmptyResultSet:  # nothing to measure, by the condition itself
        return []
    days, ranks = _ranks(present, calendar)
    with connection.cursor() as cursor:
        cursor.execute(_MEASURED.format(inner=inner) + asked, [days, ranks, *params])
        return list(cursor.fetchall())


def _ranks(present: Present, calendar: WorkCalendar) -> tuple[list[date], list[int]]:
    """Every day that may matter with its number among the working days."""
    last = present.next_month.date()
    first = last - LONGEST_CASE * ONE_DAY
    days = [first + number * ONE_DAY for number in range(LONGEST_CASE + 400)]
    return days, [calendar.number(day) for day in days]
