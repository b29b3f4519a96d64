"""取消、并入: one person proposes that a matter is closed for good; nothing changes until another confirms it."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Refused
from matters.actions._catalogue import begin, require_reason, require_seen
from matters.actions._closing import require_target
from matters.actions.pause_matter import LONGEST_REASON
from matters.models import MatterClosing


@transaction.atomic
def propose_closing(
    code: str,
    *,
    actor: Actor,
    reason: str,
    into: str | None = None,
    version: int | None = None,
    into_version: int | None = None,
) -> MatterClosing:
    """Propose to abolish the matter, or to make it part of `into`; both must be the actor's to edit.

    `version` and `into_version` are the numbers of the two guides that the actor's page showed.
    Raises NotFound, NotPermitted, Stale, Refused (`abolished`, `closing_waits`), Invalid (`bad_target`, no reason).
    """
    matter, moment = begin(code, actor, version)
    target = require_target(into, matter, actor) if into is not None else None
    if target is not None:
        require_seen(target, into_version)
    why = require_reason(reason, LONGEST_REASON)
    waiting = MatterClosing.objects.waiting().select_related("proposed_by").filter(matter=matter).first()
    if waiting is not None:
        raise Refused(
            "closing_waits",
            f"{waiting.proposed_by.full_name}已提出{waiting.verb}，正等另一个人确认。",
            cure="请先确认或撤下那一份。",
        )
    closing = MatterClosing.objects.create(
        matter=matter,
        into=target,
        reason=why,
        proposed_by_id=actor.user_id,
        proposed_person=actor.person_code,
        proposed_at=moment.at,
    )
    closing.refresh_from_db(fields=["proposed_at"])  # the database dates it
    return closing
