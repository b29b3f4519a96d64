"""The numbers of the dashboard: a constant number of statements, each over the supervisor's own scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import CharField, F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce

from applications.domain.lifecycle import OPEN
from applications.querysets import ApplicationQuerySet, below
from applications.selectors.lights import colour_column
from halls.acting import Actor
from halls.models import Hall, Level
from supervision.figures import CARD_FIGURES, FIGURES, LIGHTS, Figure, Present, issued_in_month
from supervision.selectors import group_cards, group_orders, group_ratings, group_voices
from supervision.selectors.figure_group import counts_of
from supervision.selectors.scope import WATCH, Scope
from supervision.selectors.supervised import (
    DESK,
    MATTER,
    NO_ORGAN,
    ORGAN,
    PLACE,
    own_desk,
    supervised,
    supervised_cards,
)
from supervision.selectors.written import Written, counted, counts_in, side_by_side

LATE_SHOWN: Final = 20
# What somebody has to act upon, beside the cases themselves. An appeal is one of the cards to review, and stands there.
WAITING: Final = (
    "to_review", "to_confirm", "voices_overdue", "voices_open", "orders_overdue", "orders_open",
    "ratings_bad_open", "ratings_appeals",
)  # fmt: skip
_WITH_ACTS: Final = (group_cards.GROUP, group_voices.GROUP, group_orders.GROUP, group_ratings.WORK)
# GROUPING(place, organ, matter): the bits of what a row is NOT grouped by.
_SETS: Final = {0b011: "place", 0b101: "organ", 0b110: "matter"}


@dataclass(slots=True)
class Line:
    """One line of a table: a place, organ or matter, and its open cases by light. `key` and `code` narrow a list."""

    key: str
    code: str
    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LIGHTS, 0))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def value(self, column: str) -> int | str:
        if column == "name":
            return self.name
        return self.total if column == "open" else self.counts[column]


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables; `is_by_village` when the scope lies inside one township."""

    places: list[Line]
    organs: list[Line]
    matters: list[Line]
    is_by_village: bool


def counts(actor: Actor, present: Present) -> dict[str, int]:
    """Return every figure over cases: one statement."""

    def write(now: datetime) -> Written:
        then = replace(present, now=now)
        due = Q(due_at__gte=then.month, due_at__lt=then.next_month)
        recent = Q(status__in=sorted(OPEN)) | Q(received_at__gte=then.month) | Q(ended_at__gte=then.month) | due
        return side_by_side([counts_in(supervised(actor).filter(recent), _conditions(FIGURES, then))])

    return _zeros(FIGURES) | counted(("cases", actor.key, present.month_text), present.now, write)


def card_counts(actor: Actor, present: Present) -> dict[str, int]:
    """Return every figure over warnings and cards: one statement."""

    def write(now: datetime) -> Written:
        then = replace(present, now=now)
        rows = supervised_cards(actor).filter(issued_in_month(then))
        return side_by_side([counts_in(rows, _conditions(CARD_FIGURES, then))])

    return _zeros(CARD_FIGURES) | counted(("cards", actor.key, present.month_text), present.now, write)


def _conditions(figures: Mapping[str, Figure], present: Present) -> dict[str, Q]:
    return {key: figure.condition(present) for key, figure in figures.items()}


def _zeros(figures: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(figures, 0)


def what_waits(actor: Actor, present: Present) -> dict[str, int]:
    """Return how many cards, orders, complaints and ratings wait for somebody to act: one statement."""
    found = counts_of(_WITH_ACTS, Scope(WATCH, actor), present)
    return {key: found[key] for key in WAITING}


def late_cases(actor: Actor, present: Present) -> ApplicationQuerySet:
    """Return the red cases, the one that has been red longest first."""
    red = supervised(actor).filter(FIGURES["red"].condition(present))
    return red.order_by("late_at", "pk")


def tables(actor: Actor, present: Present) -> Tables:
    """Return open cases by place, organ and matter, each by light: two statements."""
    depth = _depth(actor)
    sums = _sums(supervised(actor), present, depth)
    organs = [Line(ORGAN, code or NO_ORGAN, name or "", counts) for (code, name), counts in sums["organ"].items()]
    matters = [Line(MATTER, code, name, counts) for (code, name), counts in sums["matter"].items()]
    by_path = {path: counts for (path, _name), counts in sums["place"].items()}
    return Tables(_places(actor, by_path, depth), organs, matters, is_by_village=depth == 3)


def _depth(actor: Actor) -> int:
    """How many names of a path make a place: its township for a county's supervisor, its village for a township's."""
    halls = [prefix for prefix in actor.supervises if "~" not in prefix]
    return 3 if halls and all(prefix.count("/") >= 2 for prefix in halls) else 2


Sums = dict[str, dict[tuple[str, str], dict[str, int]]]


def _sums(cases: ApplicationQuerySet, present: Present, depth: int) -> Sums:
    """Count the open cases once for all three tables."""
    pattern = Value(f"^(?:[^/]+/){{1,{depth}}}")
    rows = (
        cases.open()
        .annotate(
            place=Func(F("path"), pattern, function="substring", output_field=TextField()),
            organ=Coalesce("seat_department__parent__code", "seat_department__code", output_field=CharField()),
            organ_name=Coalesce("seat_department__parent__name", "seat_department__name", output_field=CharField()),
            matter_code=F("matter__code"),
            matter_name=F("matter__name"),
            colour=colour_column(present.now),
        )
        .order_by()
        .values("place", "organ", "organ_name", "matter_code", "matter_name", "colour")
    )
    inner, params = rows.query.sql_with_params()
    grouped = (
        "SELECT grouping(place, organ, matter_code), coalesce(place, organ, matter_code), "  # noqa: S608 - Django's SQL
        "coalesce(CASE WHEN grouping(organ) = 0 THEN max(organ_name) END, "
        "CASE WHEN grouping(matter_code) = 0 THEN max(matter_name) END), colour, count(*) "
        f"FROM ({inner}) cases "
        "GROUP BY GROUPING SETS ((place, colour), (organ, colour), (matter_code, colour))"
    )
    sums: Sums = {name: defaultdict(lambda: dict.fromkeys(LIGHTS, 0)) for name in _SETS.values()}
    with connection.cursor() as cursor:
        cursor.execute(grouped, params)
        for bits, code, name, colour, number in cursor.fetchall():
            sums[_SETS[bits]][code, name][colour] += number
    return sums


def _places(actor: Actor, by_path: dict[str, dict[str, int]], depth: int) -> list[Line]:
    """Name the places, those without a case included: one statement."""
    tier = Level.VILLAGE if depth == 3 else Level.TOWNSHIP
    prefixes = tuple(prefix for prefix in actor.supervises if "~" not in prefix)
    wanted = Q(path__in=list(by_path)) | (Q(tier=tier, retired_on__isnull=True) & below("path", prefixes))
    lines = []
    for code, name, path in Hall.objects.filter(wanted).order_by("path").values_list("code", "short_name", "path"):
        key = PLACE if path.count("/") == depth else DESK
        label = name if key == PLACE else own_desk(name)
        lines.append(Line(key, code, label, by_path.get(path) or dict.fromkeys(LIGHTS, 0)))
    return lines


def sort_lines(lines: Iterable[Line], column: str, *, ascending: bool) -> list[Line]:
    """Sort by a column; equal lines stand with more red, then more yellow first."""
    rest = sorted(lines, key=lambda line: (-line.counts["red"], -line.counts["yellow"], -line.total, line.name))
    return sorted(rest, key=lambda line: line.value(column), reverse=not ascending)
