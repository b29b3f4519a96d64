"""The route of a case through the real network: the guide's steps, matched to halls and departments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import F, Q

from halls.models import Department, Hall, Level
from matters.domain.routing import GuideStep, Places, Route, Seat, check_filing, plan_route
from matters.models import MatterVersion, Step


def route_of(version: MatterVersion, filing_hall: Hall) -> Route:
    """Return who accepts a case of this guide filed at this hall, and the desk of every step.

    Three queries. Raises Refused when the guide is not taken in at the hall's tier.
    """
    check_filing(filing_hall.tier, version.accept_levels, version.name)
    steps, own_organ = _steps(version)
    places = _places(filing_hall.path, filing_hall.tier, own_organ)
    return plan_route(steps, places, is_direct=version.village_role == MatterVersion.VillageRole.DIRECT)


def acceptors_of(path: str, tier: str, versions: Sequence[MatterVersion]) -> dict[int, str]:
    """Return by version the path of the organ that accepts what is handed in at this hall (3 queries, or none).

    What is not taken in at the hall's tier is left out.
    """
    taken = [version for version in versions if tier in version.accept_levels]
    if not taken:
        return {}
    rows = Step.objects.filter(version__in=taken).annotate(own=F("version__matter__department__organ"))
    steps: dict[int, list[GuideStep]] = {}
    own: dict[int, str] = {}
    for row in rows.order_by("version", "seq").values_list("version_id", "own", *STEP_COLUMNS):
        steps.setdefault(row[0], []).append(GuideStep(*row[2:]))
        own[row[0]] = row[1]
    here = _places(path, tier, "")
    found = {}
    for version in taken:
        places = replace(here, own=here.organs.get(own.get(version.pk, "")))
        is_direct = version.village_role == MatterVersion.VillageRole.DIRECT
        found[version.pk] = plan_route(steps[version.pk], places, is_direct=is_direct).accept.path
    return found


STEP_COLUMNS = ("seq", "name", "level", "kind", "actor", "days", "unit", "counts_in_limit")


def _steps(version: MatterVersion) -> tuple[list[GuideStep], str]:
    """Return the guide's steps and the organ of the matter's own department."""
    rows = (
        Step.objects.filter(version=version)
        .annotate(own=F("version__matter__department__organ"))
        .order_by("seq")
        .values_list(*STEP_COLUMNS, "own")
    )
    found = list(rows)
    return [GuideStep(*row[:8]) for row in found], found[0][8] if found else ""


def _places(path: str, tier: str, own_organ: str) -> Places:
    codes = path.strip("/").split("/")
    halls = {
        tier: Seat(pk, None, path)
        for pk, tier, path in Hall.objects.filter(code__in=codes).values_list("pk", "tier", "path")
    }
    organs = _organs(halls[Level.COUNTY], halls.get(Level.TOWNSHIP))
    return Places(tier=tier, halls=halls, organs=organs, own=organs.get(own_organ))


def _organs(county: Seat, township: Seat | None) -> dict[str, Seat]:
    """Return the desk of every organ; without a township, a station's work is done by its bureau."""
    within = Q(kind=Department.Kind.BUREAU, hall=county.hall_id)
    if township is None:
        within |= Q(kind=Department.Kind.STATION, hall=county.hall_id)
    else:
        within |= Q(kind=Department.Kind.OFFICE, hall=township.hall_id)
        within |= Q(kind=Department.Kind.STATION, serves=township.hall_id)
    rows = Department.objects.filter(within, retired_on__isnull=True).order_by("path")
    organs: dict[str, Seat] = {}
    for pk, kind, organ, hall_id, path, bureau_id, bureau_path in rows.values_list(
        "pk", "kind", "organ", "hall_id", "path", "parent_id", "parent__path"
    ):
        if kind == Department.Kind.STATION and township is None:
            organs[organ] = Seat(hall_id, bureau_id, bureau_path)
        else:
            organs[organ] = Seat(hall_id, pk, path)
    return organs
