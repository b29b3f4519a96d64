"""Statements that are written once a day for each reader and only run after that.

A count over many conditions takes Django longer to write than PostgreSQL to run, and is the same text every time: it
depends on who asks, for what and on which day; within the day nothing but the moment changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final, TypeGuard

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet, Value

from halls.domain.moments import day_of
from halls.domain.worktime import SHANGHAI

# No day, month or limit begins or ends in such a split second: a parameter with it is the moment, or so long before it.
_STAND_IN: Final = time(11, 47, 13, 271828)


@dataclass(frozen=True, slots=True)
class Written:
    """A statement that gives one row, its parameters, and the names of its columns."""

    sql: str
    params: tuple[Any, ...]
    names: tuple[str, ...]


Write = Callable[[datetime], Written]


@dataclass(frozen=True)
class _Asked:
    key: Hashable
    day: date
    write: Write = field(compare=False)

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day, _STAND_IN, tzinfo=SHANGHAI)


def counted(key: Hashable | None, now: datetime, write: Write) -> dict[str, int]:
    """Run what `write(now)` writes and return its row by name, nothing as 0: one statement.

    `key` says who asks for what, whole: whatever else the text depends on would be taken from an earlier reader. None
    keeps nothing: what hardly anybody asks twice would push out what everybody asks all day. What
    `write` takes from the moment is the moment itself, a moment so long before or after it, or its day.
    """
    asked = _Asked(key, day_of(now), write)
    found, later = _kept(asked) if key is not None else write(asked.moment), now - asked.moment
    with connection.cursor() as cursor:
        cursor.execute(found.sql, [given + later if moves(given) else given for given in found.params])
        row = cursor.fetchone() or ()
    return {name: number or 0 for name, number in zip(found.names, row, strict=bool(row))}


def moves(given: object) -> TypeGuard[datetime]:
    """Whether a parameter is reckoned from the moment rather than from the day."""
    return isinstance(given, datetime) and given.microsecond == _STAND_IN.microsecond


@lru_cache(maxsize=2048)  # a county's staff on one day
def _kept(asked: _Asked) -> Written:
    return asked.write(asked.moment)


def forget_written() -> None:
    """As on a new day."""
    _kept.cache_clear()


def row_of(names: Iterable[str], rows: QuerySet[Any, Any]) -> Written | None:
    """The one row of a query with these columns; None where nothing can be in it."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return Written(sql, params, tuple(names))


def counts_in(rows: QuerySet[Any, Any], wanted: Mapping[str, Q]) -> Written | None:
    """How many of the rows meet each condition; None where there can be no row."""
    counts = {name: Count("pk", filter=condition) for name, condition in wanted.items()}
    one = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them").annotate(**counts)
    return row_of(counts, one.values_list(*counts))


def number_of(name: str, rows: QuerySet[Any, Any]) -> Written | None:
    """How many rows a query has."""
    found = row_of((name,), rows)
    return found and replace(found, sql=f"SELECT count(*) FROM ({found.sql}) counted")  # noqa: S608 - Django's own SQL


def side_by_side(parts: Iterable[Written | None]) -> Written:
    """One row made of the row of each part, which know nothing of each other."""
    there = [one for one in parts if one is not None]
    joins = (
        f"LEFT JOIN ({one.sql}) part{number} ({', '.join(f'n{n}' for n in range(len(one.names)))}) ON true"
        for number, one in enumerate(there)
    )
    return Written(
        f"SELECT * FROM (SELECT) nothing {' '.join(joins)}",  # noqa: S608 - Django's own SQL
        tuple(given for one in there for given in one.params),
        tuple(name for one in there for name in one.names),
    )
