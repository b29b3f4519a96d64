"""恢复: a paused matter takes cases in again."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Refused
from matters.actions._catalogue import begin, require_reason, save_change
from matters.actions.pause_matter import LONGEST_REASON
from matters.models import Matter


@transaction.atomic
def reopen_matter(code: str, *, actor: Actor, reason: str, version: int | None = None) -> Matter:
    """Take cases in again; the reason stays in the history of the matter.

    Raises NotFound, NotPermitted, Stale, Refused (`not_paused`, `abolished`), Invalid (no reason).
    """
    matter, _moment = begin(code, actor, version)
    if matter.paused_on is None:
        raise Refused("not_paused", f"「{matter.name}」没有暂停，正在办理。", cure="请刷新页面。")
    why = require_reason(reason, LONGEST_REASON)
    matter.paused_on, matter.closing_reason = None, ""
    save_change(matter, why)
    return matter
