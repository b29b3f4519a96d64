"""Bring a table to a plan: insert what is missing, correct what differs, retire what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from halls.models import Department, Division, Hall

Row = TypeVar("Row", Division, Hall, Department)
BATCH = 1000
REASON = "load_county"


@dataclass
class Tally:
    """How many rows a load added, changed, retired and left alone."""

    added: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.added + other.added,
            self.changed + other.changed,
            self.retired + other.retired,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True)
class Wanted:
    """One row as it should be: its code and the values of its columns."""

    code: str
    values: Mapping[str, Any]


def reconcile(
    model: type[Row], existing: Iterable[Row], wanted: Sequence[Wanted], *, today: date
) -> tuple[dict[str, Row], Tally]:
    """Write the difference in three statements; return every wanted row by code, and the counts."""
    held = {row.code: row for row in existing}
    tally = Tally()
    new = [model(code=want.code, **want.values) for want in wanted if want.code not in held]
    changed: list[Row] = []
    for want in wanted:
        row = held.get(want.code)
        if row is None:
            continue
        if _correct(row, {**want.values, "retired_on": None}):
            changed.append(row)
        else:
            tally.unchanged += 1
    codes = {want.code for want in wanted}
    gone = [row for row in held.values() if row.code not in codes and row.retired_on is None]
    for row in gone:
        row.retired_on = today
    tally.added, tally.changed, tally.retired = len(new), len(changed), len(gone)
    fields = [*(wanted[0].values if wanted else ()), "retired_on"]
    _write(model, new, changed + gone, fields)
    held.update((row.code, row) for row in new)
    return {code: held[code] for code in codes}, tally


def _correct(row: Division | Hall | Department, values: Mapping[str, Any]) -> bool:
    """Set what differs; say whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _write(model: type[Row], new: list[Row], changed: list[Row], fields: list[str]) -> None:
    if not issubclass(model, Division):
        if new:
            bulk_create_with_history(new, model, batch_size=BATCH, default_change_reason=REASON)
        if changed:
            bulk_update_with_history(changed, model, fields, batch_size=BATCH, default_change_reason=REASON)
        return
    model._default_manager.bulk_create(new, batch_size=BATCH)  # the published code list is its own history
    model._default_manager.bulk_update(changed, fields, batch_size=BATCH)
