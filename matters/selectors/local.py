"""What a hall takes in, with its own elements beside the guide's."""

from __future__ import annotations

from dataclasses import dataclass

from halls.models import Hall
from matters.models import HallMatter, Matter


@dataclass(frozen=True, slots=True)
class Offered:
    """A matter that a hall of this tier takes in, and what the hall says itself (None: nothing)."""

    matter: Matter
    local: HallMatter | None

    @property
    def is_open(self) -> bool:
        return self.local is None or self.local.paused_on is None


def offered_at(hall: Hall) -> list[Offered]:
    """Return the accepted list (受理清单) of a hall by pinyin: two queries."""
    local = {row.matter_id: row for row in HallMatter.objects.filter(hall=hall)}
    matters = Matter.objects.open_to_public().accepted_at(hall.tier).order_by("sort_key", "code")
    return [Offered(matter, local.get(matter.pk)) for matter in matters]


def local_of(hall: Hall, matter: Matter) -> HallMatter | None:
    return HallMatter.objects.filter(hall=hall, matter=matter).first()
