"""取消: a matter is no longer asked for. It leaves search; its address stays and says so; open cases go on."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.worktime import day_of
from matters.actions._catalogue import begin, require_reason, save_change
from matters.actions.pause_matter import LONGEST_REASON
from matters.models import Matter


@transaction.atomic
def abolish_matter(code: str, *, actor: Actor, reason: str, version: int | None = None) -> Matter:
    """Abolish from today, for good. Raises NotFound, NotPermitted, Stale, Refused (`abolished`), Invalid."""
    matter, moment = begin(code, actor, version)
    matter.closing_reason = require_reason(reason, LONGEST_REASON)
    matter.abolished_on, matter.paused_on = day_of(moment.at), None
    save_change(matter, matter.closing_reason)
    return matter
