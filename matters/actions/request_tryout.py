"""Ask for a guide to be tried out; the owner's process plays it (manage.py try_out)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from halls.acting import Actor
from halls.selectors.work_calendar import read_moment
from matters.domain.matter_reader import trusted_record
from matters.models import Tryout
from matters.permissions import require_editor


@transaction.atomic
def request_tryout(content: Mapping[str, Any], *, actor: Actor | None) -> Tryout:
    """Queue this guide, unless the same content waits already. `actor` None: the owner asks.

    Raises NotPermitted (edits no matters), ValueError for content that does not read as a guide.
    """
    if actor is not None:
        require_editor(actor)
    record = trusted_record(content)
    waiting = Tryout.objects.filter(content_hash=record.content_hash, finished_at__isnull=True).first()
    if waiting is not None:
        return waiting
    return Tryout.objects.create(
        code=record.code,
        content=dict(content),
        content_hash=record.content_hash,
        requested_by_id=actor.user_id if actor else None,
        requested_at=read_moment().at,
    )
