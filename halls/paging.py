"""Lists in pages by key: the page after a row is found by that row's own values, however long the list is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from halls.domain.days import is_within_reach

LONGEST_ID: Final = 18
M = TypeVar("M", bound=Model)
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    """An order by columns that together are unique, all ascending or all descending.

    `is_nullable`: the first column of an ascending order may be null, and such rows come last.
    """

    columns: tuple[str, ...]
    is_descending: bool = False
    is_nullable: bool = False

    def ordered(self, rows: QuerySet[M], *, backwards: bool = False) -> QuerySet[M]:
        sign = "-" if self.is_descending is not backwards else ""
        return rows.order_by(*(f"{sign}{column}" for column in self.columns))  # PostgreSQL: ascending, nulls last

    def page(self, rows: QuerySet[M], size: int, *, beyond: Key = (), backwards: bool = False) -> tuple[list[M], bool]:
        """Return a page in the order of the list, and whether more lie in that direction. One statement."""
        if beyond:
            rows = rows.filter(self._beyond(beyond, backwards=backwards))
        found = list(self.ordered(rows, backwards=backwards)[: size + 1])
        has_more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        return found, has_more

    def key_of(self, row: Model) -> Key:
        return tuple(getattr(row, column) for column in self.columns)

    def _beyond(self, key: Key, *, backwards: bool) -> Q:
        operator = "lt" if self.is_descending is not backwards else "gt"
        beyond, equal = Q(pk__in=[]), Q()
        for column, value in zip(self.columns, key, strict=True):
            if value is None:
                equal &= Q(**{f"{column}__isnull": True})
                continue
            beyond |= equal & Q(**{f"{column}__{operator}": value})
            equal &= Q(**{column: value})
        if self.is_nullable and key[0] is not None:
            beyond |= Q(**{f"{self.columns[0]}__isnull": True})
        return beyond


@dataclass(frozen=True)
class PageList(Order):
    """A list of a page for people, forwards only: by `pk`, or by a moment and `pk`. Cursors read `moment~pk`.

    `is_by_day`: the first column is a day, and not a moment.
    """

    is_by_day: bool = False

    def after(self, rows: QuerySet[M], cursor: str, size: int) -> tuple[list[M], str]:
        """Return the page behind the cursor and the cursor of the next one, "" at the end. One statement.

        Whatever is no cursor begins the list anew.
        """
        found, has_more = self.page(rows, size, beyond=self._read(cursor))
        return found, self._write(found[-1]) if has_more else ""

    def _write(self, row: Model) -> str:
        *moments, pk = self.key_of(row)
        return f"{''.join(moment.isoformat() for moment in moments if moment)}~{pk}"

    def _read(self, cursor: str) -> Key:
        stamp, tilde, number = cursor.rpartition("~")
        if not number.isascii() or not number.isdecimal() or len(number) > LONGEST_ID:
            return ()
        if len(self.columns) == 1:
            return (int(number),)
        moment = _day(stamp) if self.is_by_day else _moment(stamp)
        if not tilde or (moment is None and not self.is_nullable):
            return ()
        return moment, int(number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """The moment in UTC: PostgreSQL knows fewer offsets than Python, and no moment beyond the years of either."""
    try:
        found = parse_datetime(text)
        return found.astimezone(UTC) if found is not None and found.tzinfo and is_within_reach(found.date()) else None
    except (ValueError, OverflowError):
        return None
