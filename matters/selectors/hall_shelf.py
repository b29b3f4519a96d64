"""What a hall takes in, and what it prints of it: the board of eight things made public, the booklet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import F, Max

from halls.models import Hall, Level
from halls.selectors.openings import opening_lines, openings_of
from halls.selectors.work_calendar import TODAY
from matters.models import HallPromise, Matter, MatterVersion
from matters.selectors.guide import Guide, guide_in_words
from matters.selectors.hall_promises import promises_here
from matters.selectors.local import local_here
from matters.selectors.timeout import in_force, policies_of


@dataclass(frozen=True, slots=True)
class HallShelf:
    """A hall as far as its guides need it; `today` is the day by the database's clock when it was read."""

    code: str
    name: str
    tier: str
    path: str
    address: str
    phone: str
    openings: tuple[str, ...]
    township: str
    today: date = field(repr=False)  # papers are kept by what the hall is, not by the day


def hall_shelf(code: str) -> HallShelf | None:
    """Return the hall with its opening times of today; None for an unknown code (one query)."""
    if not (code.isascii() and code.isdecimal()):
        return None
    row = (
        Hall.objects.filter(code=code, retired_on__isnull=True)
        .annotate(hours=openings_of("pk", TODAY), today=TODAY)
        .values("code", "name", "tier", "path", "address", "phone", "hours", "today", "parent__code")
        .first()
    )
    if row is None:
        return None
    township = row["parent__code"] if row["tier"] == Level.VILLAGE else code
    openings = opening_lines(row["hours"], row["today"])
    return HallShelf(
        code, row["name"], row["tier"], row["path"], row["address"], row["phone"], openings, township, row["today"]
    )


def changed_last(tier: str) -> datetime | None:
    """Return when anything that halls of this tier print was last changed (one query)."""
    changed: datetime | None = Matter.objects.filter(current__accept_levels__contains=[tier]).aggregate(
        at=Max("changed_at")
    )["at"]
    return changed


def guides_of_hall(hall: HallShelf, *, start: int = 0, most: int | None = None) -> list[Guide]:
    """Return the guides that this hall takes in, department by department.

    Each with the promise made here and with what the hall says of it itself. Four queries; seven where a hall around
    promises less than a guide.
    """
    found = (
        MatterVersion.objects.filter(
            matter__current=F("pk"),
            accept_levels__contains=[hall.tier],
            matter__paused_on__isnull=True,
            matter__abolished_on__isnull=True,
        )
        .select_related("matter__department", "matter__merged_into")
        .order_by("matter__department__path", "matter__sort_key", "matter__code")
    )
    versions = list(found[start : start + most if most else None])
    policies = policies_of([version.matter_id for version in versions])
    today = hall.today
    own = promises_here(hall.path, hall.tier, versions, today)
    local = local_here(hall.path, versions)
    return [
        replace(
            guide_in_words(v, {}, in_force(policies.get(v.matter_id, []), today), own.get(v.pk)),
            here=local.get(v.matter_id),
        )
        for v in versions
    ]


def begun_last() -> date | None:
    """Return the day on which a promise of a hall last began to count or ceased to, up to today (one query)."""
    begun: date | None = HallPromise.objects.filter(effective_on__lte=TODAY).aggregate(day=Max("effective_on"))["day"]
    return begun


def count_of_hall(tier: str) -> int:
    return Matter.objects.open_to_public().accepted_at(tier).count()
