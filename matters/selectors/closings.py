"""What waits for a second person before a matter is closed for good."""

from __future__ import annotations

from halls.acting import Actor
from matters.models import MatterClosing


def waiting_closing(code: str) -> MatterClosing | None:
    """Return the proposal that waits for this matter, None when there is none (1 query)."""
    rows = MatterClosing.objects.waiting().select_related("into__department", "proposed_by")
    return rows.filter(matter__code=code).first() if "\x00" not in code else None


def waiting_closings(actor: Actor) -> list[MatterClosing]:
    """Return the proposals about matters that the actor edits, the oldest first (1 query)."""
    rows = MatterClosing.objects.visible_to(actor).waiting().select_related("matter", "into", "proposed_by")
    return list(rows.order_by("pk"))
