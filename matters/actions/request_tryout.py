"""Ask for a guide to be tried out; the owner's process plays it (manage.py try_out)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, transaction

from halls.acting import Actor
from halls.selectors.work_calendar import read_moment
from matters.domain.matter_reader import trusted_record
from matters.models import Tryout
from matters.permissions import require_editor

_REQUESTS: Final = 7302  # the first half of the name of our locks


@transaction.atomic
def request_tryout(content: Mapping[str, Any], *, actor: Actor | None) -> Tryout:
    """Queue this guide; what waits for the same matter with another content gives its place in the queue.

    `actor` None: the owner asks. One that is being played at this moment is left, and this one waits behind it.
    Raises NotPermitted (edits no matters), ValueError for content that does not read as a guide.
    """
    if actor is not None:
        require_editor(actor)
    record = trusted_record(content)
    with connection.cursor() as cursor:  # two who press at once
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_REQUESTS, record.code])
    waiting = Tryout.objects.filter(code=record.code, finished_at__isnull=True).order_by("-pk")
    same = waiting.filter(content_hash=record.content_hash).first()
    if same is not None:
        return same
    asked = waiting.select_for_update(skip_locked=True).first() or Tryout(code=record.code)
    asked.content, asked.content_hash = dict(content), record.content_hash
    asked.requested_by_id = actor.user_id if actor else None
    asked.requested_at = read_moment().at
    asked.save()
    return asked
