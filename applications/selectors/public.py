"""What the public pages show beside the progress itself: papers issued, dates that run, what people ask for most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from applications.domain.transitions import ClockKind
from applications.models import Application, Clock, Document
from applications.selectors.intake import spread
from halls.domain.budget import Unit
from halls.domain.errors import NotFound
from halls.models import Department, Hall, Level
from matters.domain.units import UNITS
from matters.models import Matter
from matters.shipped import common_codes

OFFERED = 12


@dataclass(frozen=True)
class Issued:
    """A paper, by its kind and day alone."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Term:
    """A date that runs. `closed_at`: of a procedure in calendar days, until when the organ concludes it."""

    kind: ClockKind
    due_at: datetime
    is_provisional: bool
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Beside:
    """What a villager may know of a filed case besides its progress."""

    tier: str  # of the hall where it was filed
    accept_tier: str
    accept_place: str
    papers: tuple[Issued, ...]
    terms: dict[ClockKind, Term]
    begun: frozenset[int] = frozenset()  # the steps whose special procedure was begun


def beside(number: str) -> Beside:
    """Read it: three statements. Raises NotFound for a number that no filed case has."""
    accepting = OuterRef("accept_path")
    case = (
        Application.objects.filter(number=number)
        .values("hall__tier", "accept_path")
        .annotate(
            in_hall=Subquery(Hall.objects.filter(path=accepting).values("name")),
            in_department=Subquery(Department.objects.filter(path=accepting).values("name")),
        )
        .first()
    )
    if case is None:
        raise NotFound
    papers = Document.objects.filter(application__number=number).order_by("pk").values_list("kind", "issued_at")
    clocks = list(Clock.objects.filter(application__number=number).select_related("application").only(*_CLOCK_COLUMNS))
    return Beside(
        tier=case["hall__tier"],
        accept_tier=_tier_of(case["accept_path"]),
        accept_place=case["in_hall"] or case["in_department"] or "",
        papers=tuple(Issued(kind, at) for kind, at in papers),
        terms=_terms(clock for clock in clocks if clock.due_at and clock.state != Clock.State.STOPPED),
        begun=frozenset(clock.step_seq for clock in clocks if clock.kind == ClockKind.SPECIAL and clock.step_seq),
    )


_CLOCK_COLUMNS = ("kind", "state", "step_seq", "unit", "due_at", "is_provisional", "application__paused_until")


def _terms(clocks: Iterable[Clock]) -> dict[ClockKind, Term]:
    """The dates that run. A special procedure pauses until its granted days end, not until it must be concluded."""
    found = {}
    for clock in clocks:
        kind, told, closed = ClockKind(clock.kind), clock.due_at, None
        if kind is ClockKind.SPECIAL:
            told = clock.application.paused_until
            closed = clock.due_at if UNITS[clock.unit] is Unit.CALENDAR_DAY else None
        if told is not None:
            found[kind] = Term(kind, told, clock.is_provisional, closed)
    return found


def _tier_of(path: str) -> str:
    """The tier of the hall in which the organ at this path sits: the depth of the hall's own codes."""
    depth = len([code for code in path.strip("/").split("/") if not code.startswith("~")])
    return (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)[min(max(depth, 1), 3) - 1].value


def asked_most() -> list[Matter]:
    """What people come for most, for whoever does not know what to search for (1 statement).

    First the matters of the list of common ones, in its order; then core ones, of every theme the first before the
    second.
    """
    common = common_codes()
    place = Case(*(When(code=code, then=Value(at)) for at, code in enumerate(common)), default=Value(len(common)))
    found = Matter.objects.open_to_public().filter(Q(is_core=True) | Q(code__in=common))
    order = ("common", "-is_core", "place_in_theme", "sort_key", "code")
    return list(spread(found).annotate(common=place).order_by(*order)[:OFFERED])
