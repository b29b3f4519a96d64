"""Where each step of a guide is done for a case filed at a given hall.

A guide is written for every county alike ("乡镇(街道)便民服务中心 reviews, 县民政局 decides"); a case needs
the very desk. This module is told the desks of one place and matches the guide's words to them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from halls.domain.errors import Refused

COUNTY, TOWNSHIP, VILLAGE = "county", "township", "village"
RANK = {VILLAGE: 0, TOWNSHIP: 1, COUNTY: 2}
ACCEPT, INSTANT, DECIDE = "accept", "instant", "decide"
DECIDING = frozenset({DECIDE, INSTANT})
AFTERWARDS = frozenset({"review", "special"})

# What the guides call the halls themselves; every other name is an organ's.
CENTRES = {"村(社区)便民服务中心": VILLAGE, "乡镇(街道)便民服务中心": TOWNSHIP}
# Where people are sent to.
COUNTERS = {VILLAGE: "村（社区）便民服务点", TOWNSHIP: "乡镇（街道）便民服务中心", COUNTY: "县政务服务中心"}


@dataclass(frozen=True, slots=True)
class Seat:
    """A desk: a hall's own window (no department) or a department's."""

    hall_id: int
    department_id: int | None
    path: str


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step as the guide has it; `organ` is the guide's own text."""

    seq: int
    name: str
    level: str
    kind: str
    organ: str
    days: int
    unit: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The desks that a case filed here can reach.

    `halls` has the filing hall and the halls above it by tier. `organs` has the desk of every organ
    that guides name: the township's offices, the stations serving it, the county's bureaus. `own` is
    the bureau of the matter.
    """

    tier: str
    halls: Mapping[str, Seat]
    organs: Mapping[str, Seat]
    own: Seat | None

    @property
    def filing(self) -> Seat:
        return self.halls[self.tier]


@dataclass(frozen=True, slots=True)
class RouteStep:
    """A step of the guide with its desk. `organ` stays what the guide says, for display.

    `is_leading_accept`: acceptance itself discharges it. `is_final_decision`: the last decide or
    instant step. `is_after_decision`: a review or special step behind that.
    """

    seq: int
    name: str
    level: str
    kind: str
    organ: str
    days: int
    unit: str
    counts: bool
    is_leading_accept: bool
    is_final_decision: bool
    is_after_decision: bool
    hall_id: int
    department_id: int | None
    path: str

    @property
    def seat(self) -> Seat:
        return Seat(self.hall_id, self.department_id, self.path)


@dataclass(frozen=True, slots=True)
class Route:
    """Who accepts, and the steps in order. `skipped` are the guide's steps below the filing hall."""

    accept: Seat
    steps: tuple[RouteStep, ...]
    skipped: tuple[int, ...] = ()


def check_filing(tier: str, accept_levels: Collection[str], matter: str) -> None:
    """Raise Refused when the guide does not take cases in at a hall of this tier. `matter` is its name."""
    if tier not in accept_levels:
        raise Refused(
            "not_taken_in_here",
            f"「{matter}」不在本级大厅收件。",
            field="matter",
            cure=f"请到{where_taken_in(tier, accept_levels)}办理。",
        )


def where_taken_in(tier: str, accept_levels: Collection[str]) -> str:
    """Where to send a person who came to a hall of this tier, in words: the nearest tier first; "" for here."""
    if tier in accept_levels:
        return ""
    nearest_first = sorted(accept_levels, key=lambda level: (abs(RANK[level] - RANK[tier]), RANK[level]))
    return "或".join(COUNTERS[level] for level in nearest_first)


def plan_route(steps: Sequence[GuideStep], places: Places, *, is_direct: bool) -> Route:
    """Match every step to a desk. `is_direct`: the village deals with the matter itself (直办).

    Filed above the village, a case enters at the first step of the filing hall's level; it never
    skips the final decision. A step of a level that the case did not pass through (the village's
    publicity for a case filed in the township) is done by the filing hall.
    """
    final = max(index for index, step in enumerate(steps) if step.kind in DECIDING)
    entry = next(index for index, step in enumerate(steps) if index == final or RANK[step.level] >= RANK[places.tier])
    kept = steps[entry:]
    leading = 0
    while leading < len(kept) and kept[leading].kind == ACCEPT:
        leading += 1
    return Route(
        accept=_acceptor(kept, leading, places, is_direct=is_direct),
        steps=tuple(
            _route_step(step, places, is_leading=index < leading, behind=index - (final - entry))
            for index, step in enumerate(kept)
        ),
        skipped=tuple(step.seq for step in steps[:entry]),
    )


def _acceptor(kept: Sequence[GuideStep], leading: int, places: Places, *, is_direct: bool) -> Seat:
    """Return who accepts: the last organ of the leading 受理 steps; a village only for what it decides itself."""
    if leading:
        step = kept[leading - 1]
    elif kept[0].kind == INSTANT:
        return _seat(kept[0], places)
    else:
        return places.filing if places.tier != VILLAGE or is_direct else places.halls[TOWNSHIP]
    if step.level == VILLAGE and places.tier == VILLAGE and not is_direct:
        return places.halls[TOWNSHIP]
    return _seat(step, places)


def _seat(step: GuideStep, places: Places) -> Seat:
    centre = CENTRES.get(step.organ)
    if centre:
        return places.halls.get(centre, places.filing)
    if step.organ in places.organs:
        return places.organs[step.organ]
    # 县残联指定评定机构, 经办银行, 仲裁委员会 ...: named in the guide, reached through the matter's own bureau.
    if step.level == COUNTY and places.own is not None:
        return places.own
    return places.halls.get(step.level, places.filing)


def _route_step(step: GuideStep, places: Places, *, is_leading: bool, behind: int) -> RouteStep:
    """`behind` counts from the final decision: 0 is the decision, more is after it."""
    seat = _seat(step, places)
    return RouteStep(
        seq=step.seq,
        name=step.name,
        level=step.level,
        kind=step.kind,
        organ=step.organ,
        days=step.days,
        unit=step.unit,
        counts=step.counts,
        is_leading_accept=is_leading,
        is_final_decision=behind == 0,
        is_after_decision=behind > 0 and step.kind in AFTERWARDS,
        hall_id=seat.hall_id,
        department_id=seat.department_id,
        path=seat.path,
    )
