"""不是同一个: two matters that look alike are said to be different; the pair is not offered any more."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import NotFound, Refused
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue, require_reason
from matters.models import MattersApart
from matters.permissions import require_may_edit
from matters.selectors.likeness import matters_to_compare

LONGEST_REASON = 300


@transaction.atomic
def keep_apart(code: str, other: str, *, actor: Actor, reason: str) -> MattersApart:
    """Say that the two are not one. Raises NotFound, NotPermitted, Refused (`said_already`), Invalid (no reason)."""
    hold_catalogue()
    pair = matters_to_compare(code, other)
    if pair is None:
        raise NotFound("没有这两个事项，或者它们不在同一个部门，或者有一个已经取消。")
    require_may_edit(actor, pair[0].department)
    reason = require_reason(reason, LONGEST_REASON)
    one, second = sorted(pair, key=lambda matter: matter.pk)
    if MattersApart.objects.filter(one=one, other=second).exists():
        raise Refused("said_already", "已经写明这两个不是同一个事项。", cure="请刷新页面。")
    return MattersApart.objects.create(
        one=one,
        other=second,
        reason=reason,
        decided_at=read_moment().at,
        user_id=actor.user_id,
        person_code=actor.person_code,
        actor_name=actor.name,
        actor_post=actor.post,
    )
