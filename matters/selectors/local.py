"""What a hall takes in, with its own elements beside the guide's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from halls.models import Hall
from matters.models import HallMatter, Matter, MatterVersion


@dataclass(frozen=True, slots=True)
class Offered:
    """A matter that a hall of this tier takes in, and what the hall says itself (None: nothing)."""

    matter: Matter
    local: HallMatter | None

    @property
    def is_open(self) -> bool:
        return self.local is None or self.local.paused_on is None


@dataclass(frozen=True, slots=True)
class Here:
    """What a hall says of a matter itself; an empty element is as the hall and the guide say."""

    hall: str
    hall_name: str
    window: str = ""
    place: str = ""
    hours: str = ""
    phone: str = ""
    paused_on: date | None = None
    paused_reason: str = ""
    instead: str = ""  # the hall above that goes on taking it in

    @property
    def where(self) -> str:
        return "，".join(filter(None, (self.place, self.window)))


def offered_at(hall: Hall) -> list[Offered]:
    """Return the accepted list (受理清单) of a hall by pinyin: two queries."""
    local = {row.matter_id: row for row in HallMatter.objects.filter(hall=hall)}
    matters = Matter.objects.open_to_public().accepted_at(hall.tier).order_by("sort_key", "code")
    return [Offered(matter, local.get(matter.pk)) for matter in matters]


def local_of(hall: Hall, matter: Matter) -> HallMatter | None:
    return HallMatter.objects.filter(hall=hall, matter=matter).first()


def local_for(code: str, halls: Collection[str]) -> tuple[Mapping[str, Here], tuple[Here, ...]]:
    """Return by hall what these halls say of a matter, and every hall that takes it in no longer (1 query)."""
    rows = HallMatter.objects.filter(
        Q(hall__code__in=halls) | Q(paused_on__isnull=False), matter__code=code, hall__retired_on__isnull=True
    )
    found = [_here(row) for row in rows.select_related("hall").order_by("hall__path")]
    return {one.hall: one for one in found if one.hall in halls}, tuple(one for one in found if one.paused_on)


def local_here(path: str, versions: Iterable[MatterVersion]) -> Mapping[int, Here]:
    """Return by matter what the hall of this path says of it, and where people go while it is paused (1 query)."""
    codes = path.strip("/").split("/")
    levels = {version.matter_id: version.accept_levels for version in versions}
    rows = HallMatter.objects.filter(hall__code__in=codes, matter__in=levels).select_related("hall__parent__parent")
    said = {(row.hall.code, row.matter_id): row for row in rows}
    return {pk: _here(row, _instead(row, levels[pk], said)) for (code, pk), row in said.items() if code == codes[-1]}


def _instead(row: HallMatter, levels: Collection[str], said: Mapping[tuple[str, int], HallMatter]) -> str:
    """Return the nearest hall above that takes the matter in."""
    above = row.hall.parent
    while above is not None:
        local = said.get((above.code, row.matter_id))
        if above.tier in levels and (local is None or local.paused_on is None):
            return above.name
        above = above.parent
    return ""


def _here(row: HallMatter, instead: str = "") -> Here:
    return Here(
        row.hall.code,
        row.hall.name,
        row.window,
        row.place,
        row.hours,
        row.phone,
        row.paused_on,
        row.paused_reason,
        instead if row.paused_on else "",
    )
