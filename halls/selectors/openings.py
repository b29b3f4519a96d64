"""When a hall is open, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from halls.domain.openings import Opening, OpeningKind, lines_of
from halls.models import HallOpening

_FIELDS = ("kind", "opens", "closes", "weekday", "digits")


def openings_of(hall: str, today: date | Combinable) -> ArraySubquery:
    """Return the opening times that hold today as a column beside a row; `hall` is its field of the hall's key.

    `today`: the day, or TODAY where nobody read it yet.
    """
    in_force = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    rows = HallOpening.objects.filter(in_force, hall=OuterRef(hall)).order_by("weekday", "digits", "opens")
    return ArraySubquery(rows.values(line=JSONObject(**{name: name for name in _FIELDS})))


def opening_lines(rows: Iterable[Mapping[str, str | int | None]]) -> tuple[str, ...]:
    """Return that column in words; empty when nobody wrote any."""
    return tuple(lines_of(openings_from(rows)))


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
    )
