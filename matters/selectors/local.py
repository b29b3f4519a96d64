"""What a hall takes in, with its own elements beside the guide's; and whether the same matter says the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from halls.models import Hall
from matters.domain.matter_reader import trusted_record
from matters.domain.sameness import Difference, differences
from matters.models import HallMatter, Matter, MatterVersion


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


def sameness() -> tuple[Difference, ...]:
    """Return where published guides of the same matter differ (one query)."""
    contents = MatterVersion.objects.filter(matter__current=F("pk"), matter__abolished_on__isnull=True).values_list(
        "content", flat=True
    )
    return differences(trusted_record(content) for content in contents if content)
