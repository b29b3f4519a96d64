"""作废草稿: a draft that is not right is put aside with a reason; the next one is drafted anew."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import sound_reason
from supervision.actions.review_bulletin import lock_open
from supervision.models import Bulletin


@transaction.atomic
def drop_bulletin(bulletin_id: int, *, actor: Actor, version: int, reason: str) -> Bulletin:
    """Put a draft aside; it stays on record. Raises NotFound, NotPermitted, Invalid (no reason), Stale, Refused."""
    bulletin = lock_open(bulletin_id, actor, version)
    words = sound_reason(reason)
    bulletin.dropped_by_id, bulletin.dropped_reason = actor.user_id, words
    bulletin.dropped_at = read_moment().at
    bulletin.version += 1
    bulletin.save(update_fields=["dropped_by", "dropped_at", "dropped_reason", "version"])
    return bulletin
