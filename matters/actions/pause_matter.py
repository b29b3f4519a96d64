"""暂停: a matter takes nothing in for a while; its guide stays readable, cases that were filed go on."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from matters.actions._catalogue import begin, require_reason, save_change
from matters.models import Matter

LONGEST_REASON = 300


@transaction.atomic
def pause_matter(code: str, *, actor: Actor, reason: str, version: int | None = None) -> Matter:
    """Pause from today. Raises NotFound, NotPermitted, Stale, Refused (`already_paused`, `abolished`), Invalid."""
    matter, moment = begin(code, actor, version)
    if matter.paused_on is not None:
        raise Refused(
            "already_paused", f"「{matter.name}」已于 {matter.paused_on:%Y-%m-%d} 暂停。", cure="请刷新页面。"
        )
    matter.closing_reason = require_reason(reason, LONGEST_REASON)
    matter.paused_on = day_of(moment.at)
    save_change(matter, matter.closing_reason)
    return matter
