"""确认取消或并入: a second person signs, and from today the matter is no longer asked for.

It leaves search; its address stays and says so; open cases go on.
"""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from matters.actions._catalogue import begin, save_change
from matters.actions._closing import lead_here, lock_waiting, require_target
from matters.models import Matter
from matters.permissions import why_not_confirm


@transaction.atomic
def confirm_closing(code: str, closing_id: int, *, actor: Actor) -> Matter:
    """Abolish the matter from today, for good, as was proposed.

    Raises NotFound, NotPermitted, Stale (not waiting any more), Refused (`abolished`, `same_person`), Invalid
    (`bad_target`: what it was to become part of has been abolished itself).
    """
    matter, moment = begin(code, actor, None)
    closing = lock_waiting(matter, closing_id)
    target = require_target(closing.into.code, matter, actor) if closing.into else None
    why = why_not_confirm(actor, closing)
    if why:
        raise Refused("same_person", why, cure="请由另一位事项管理员核对后确认。")
    closing.confirmed_by_id, closing.confirmed_person = actor.user_id, actor.person_code
    closing.confirmed_at = moment.at
    closing.save()
    matter.closing_reason = closing.reason
    matter.abolished_on, matter.paused_on, matter.merged_into = day_of(moment.at), None, target
    save_change(matter, closing.reason)
    if target is not None:
        lead_here(target)
    return matter
