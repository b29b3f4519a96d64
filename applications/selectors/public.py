"""What the public pages show beside the progress itself: papers issued, dates that run, what people ask for most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from applications.domain.transitions import ClockKind
from applications.models import Application, Clock, Document
from applications.selectors.intake import spread
from halls.domain.errors import NotFound
from halls.models import Department, Hall, Level
from matters.models import Matter

OFFERED = 12


@dataclass(frozen=True)
class Issued:
    """A paper, by its kind and day alone."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Term:
    """A date that runs."""

    kind: ClockKind
    due_at: datetime
    is_provisional: bool


@dataclass(frozen=True)
class Beside:
    """What a villager may know of a filed case besides its progress."""

    tier: str  # of the hall where it was filed
    accept_tier: str
    accept_place: str
    papers: tuple[Issued, ...]
    terms: dict[ClockKind, Term]


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
    clocks = Clock.objects.filter(application__number=number, due_at__isnull=False).exclude(state=Clock.State.STOPPED)
    return Beside(
        tier=case["hall__tier"],
        accept_tier=_tier_of(case["accept_path"]),
        accept_place=case["in_hall"] or case["in_department"] or "",
        papers=tuple(Issued(kind, at) for kind, at in papers),
        terms=_terms(clocks),
    )


def _terms(clocks: QuerySet[Clock]) -> dict[ClockKind, Term]:
    """The dates that run. A special procedure pauses until its granted days end, not until it must be concluded."""
    found = {}
    for kind, due_at, provisional, until in clocks.values_list(
        "kind", "due_at", "is_provisional", "application__paused_until"
    ):
        told = until if kind == ClockKind.SPECIAL else due_at
        if told is not None:
            found[ClockKind(kind)] = Term(ClockKind(kind), told, provisional)
    return found


def _tier_of(path: str) -> str:
    """The tier of the hall in which the organ at this path sits: the depth of the hall's own codes."""
    depth = len([code for code in path.strip("/").split("/") if not code.startswith("~")])
    return (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)[min(max(depth, 1), 3) - 1].value


def asked_most() -> list[Matter]:
    """Core matters, of every theme the first before the second, for people who do not know what to search for."""
    return list(spread(Matter.objects.open_to_public().filter(is_core=True))[:OFFERED])
