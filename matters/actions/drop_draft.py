"""放弃: a draft comes off the table; the published guide stays as it is."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from matters.actions._catalogue import require_reason
from matters.actions._draft import lock_draft, require_state, save_step
from matters.actions.save_draft import LONGEST_REASON
from matters.models import GuideDraft


@transaction.atomic
def drop_draft(draft_id: int, *, actor: Actor, version: int, reason: str) -> GuideDraft:
    """Drop an open draft, approved ones too. Raises NotFound, NotPermitted, Stale, Refused, Invalid (no reason)."""
    draft = lock_draft(draft_id, actor, version)
    require_state(draft, *GuideDraft.OPEN)
    draft._change_reason = require_reason(reason, LONGEST_REASON)  # type: ignore[attr-defined]
    draft.state = GuideDraft.State.DROPPED
    return save_step(draft)
