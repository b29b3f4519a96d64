"""联系评价人: within one working day somebody above the hall calls whoever rated badly."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._ratings import begin, finish, require_looked, sound_note
from supervision.domain.ratings import APART, Act
from supervision.models import Rating


@transaction.atomic
def contact_rater(rating_id: int, *, actor: Actor, is_reached: bool, note: str) -> Rating:
    """Write down what the villager said, or that nobody answered; the third time nobody does, one goes on without.

    Raises NotFound, NotPermitted, Invalid (`note`), Refused (`not_possible_now`, `no_call`: they never
    looked at the number, `too_soon`). Source: 上海市优化营商
    环境条例 §29, 安阳市政务服务条例 §52.
    """
    act = Act.CONTACT if is_reached else Act.ATTEMPT
    step = begin(rating_id, act, actor)
    require_looked(step)
    words = sound_note(note, "note", _("联系的情况"))
    last = step.rating.acts.filter(act=Act.ATTEMPT).order_by("-pk").first()
    if not is_reached and last is not None and step.moment.at < last.at + APART:
        raise Refused("too_soon", _("离上一次没有接通还不到半小时。"), cure=_("请过半小时再打一次。"))
    return finish(step, words)
