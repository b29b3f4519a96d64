"""The shelves of the catalogue: how many matters stand under each theme and each department."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matters.models import Matter
from matters.querysets import MatterQuerySet


@dataclass(frozen=True, slots=True)
class Shelf:
    """A value to filter by, its label, and the number of matters behind it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Shelves:
    themes: tuple[Shelf, ...]
    departments: tuple[Shelf, ...]


def shelves_of(matters: MatterQuerySet | None = None) -> Shelves:
    """Return themes and departments, the fullest first (one query); of the published matters unless told."""
    if matters is None:
        matters = Matter.objects.open_to_public()
    themes: Counter[tuple[str, str]] = Counter()
    departments: Counter[tuple[str, str]] = Counter()
    for theme, code, name in matters.order_by("sort_key").values_list("theme", "department__code", "department__name"):
        themes[theme, theme] += 1
        departments[code, name] += 1
    return Shelves(_ranked(themes), _ranked(departments))


def _ranked(counts: Counter[tuple[str, str]]) -> tuple[Shelf, ...]:
    return tuple(Shelf(value, label, count) for (value, label), count in counts.most_common())
