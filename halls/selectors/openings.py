"""When a hall is open, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from halls.domain.openings import Opening, OpeningKind, in_force, lines_of
from halls.models import Hall, HallOpening

_FIELDS = ("kind", "opens", "closes", "weekday", "digits", "starts_on", "ends_on")


def openings_of(hall: str, today: date | Combinable) -> ArraySubquery:
    """Return the opening times of today and of later days as a column beside a row; `hall` is its field of the key.

    `today`: the day, or TODAY where nobody read it yet.
    """
    rows = HallOpening.objects.filter(_not_over(today), hall=OuterRef(hall)).order_by("weekday", "digits", "opens")
    return ArraySubquery(rows.values(line=JSONObject(**{name: name for name in _FIELDS})))


def rows_ahead(hall: Hall, today: date) -> list[HallOpening]:
    """Return what holds today and what is announced for later (1 query)."""
    return list(HallOpening.objects.filter(_not_over(today), hall=hall).order_by("weekday", "digits", "opens"))


def opening_of(row: HallOpening) -> Opening:
    return Opening(OpeningKind(row.kind), row.opens, row.closes, row.weekday, row.digits, row.starts_on, row.ends_on)


def _not_over(today: date | Combinable) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today)


def opening_lines(rows: Iterable[Mapping[str, str | int | None]], today: date) -> tuple[str, ...]:
    """Return what of that column holds today, in words; empty when nobody wrote any."""
    return tuple(lines_of(in_force(openings_from(rows), today)))


def openings_from(rows: Iterable[Mapping[str, str | int | None]]) -> list[Opening]:
    """Return that column as values."""
    return [_opening(row) for row in rows]


def _opening(row: Mapping[str, str | int | None]) -> Opening:
    weekday = row["weekday"]
    return Opening(
        OpeningKind(str(row["kind"])),
        time.fromisoformat(str(row["opens"])),
        time.fromisoformat(str(row["closes"])),
        int(weekday) if weekday is not None else None,
        str(row["digits"]),
        date.fromisoformat(str(row["starts_on"])),
        date.fromisoformat(str(row["ends_on"])) if row["ends_on"] else None,
    )
