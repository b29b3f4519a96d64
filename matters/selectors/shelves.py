"""The shelves of the catalogue: how many matters stand under each theme, department, life event, and for whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matters.domain.catalogue import LIFE_EVENTS, TOPICS
from matters.models import Matter
from matters.querysets import MatterQuerySet
from matters.selectors.search import AUDIENCES


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
    life_events: tuple[Shelf, ...] = ()
    topics: tuple[Shelf, ...] = ()
    audiences: tuple[Shelf, ...] = ()


def shelves_of(matters: MatterQuerySet | None = None) -> Shelves:
    """Return the shelves with their counts (one query); of the published matters unless told.

    Themes and departments the fullest first, life events from birth to death, then the subjects of
    what belongs to no life event.
    """
    if matters is None:
        matters = Matter.objects.open_to_public()
    themes: Counter[tuple[str, str]] = Counter()
    departments: Counter[tuple[str, str]] = Counter()
    events: Counter[str] = Counter()
    audiences: Counter[str] = Counter()
    rows = matters.order_by("sort_key").values_list(
        "theme", "department__code", "department__name", "current__life_events", "current__service_objects"
    )
    for theme, code, name, life_events, objects in rows:
        themes[theme, theme] += 1
        departments[code, name] += 1
        events.update(life_events)
        audiences.update(key for key, words in AUDIENCES.items() if set(words) & set(objects))
    labels = {"person": _("个人办事"), "legal": _("法人和其他组织办事")}
    return Shelves(
        _ranked(themes),
        _ranked(departments),
        tuple(Shelf(event, event, events[event]) for event in LIFE_EVENTS if events[event]),
        tuple(Shelf(topic, topic, events[topic]) for topic in TOPICS if events[topic]),
        tuple(Shelf(key, labels[key], audiences[key]) for key in AUDIENCES if audiences[key]),
    )


def _ranked(counts: Counter[tuple[str, str]]) -> tuple[Shelf, ...]:
    return tuple(Shelf(value, label, count) for (value, label), count in counts.most_common())
