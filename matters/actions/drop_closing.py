"""撤下: a proposal to close a matter is taken back, by whoever made it or by another editor; it stays on record."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from matters.actions._catalogue import begin
from matters.actions._closing import lock_waiting
from matters.models import MatterClosing


@transaction.atomic
def drop_closing(code: str, closing_id: int, *, actor: Actor) -> MatterClosing:
    """Raises NotFound, NotPermitted, Stale (not waiting any more), Refused (`abolished`)."""
    matter, moment = begin(code, actor, None)
    closing = lock_waiting(matter, closing_id)
    closing.dropped_by_id, closing.dropped_at = actor.user_id, moment.at
    closing.save()
    return closing
