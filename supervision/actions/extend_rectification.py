"""整改延期: once, before the five working days are over, with a reason; granted by whoever stands above."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid
from supervision.actions._ratings import begin, finish, locked_term, sound_note
from supervision.actions._terms import extend_term
from supervision.domain.ratings import MOST_DAYS_MORE, Act
from supervision.models import Rating


@transaction.atomic
def extend_rectification(rating_id: int, *, actor: Actor, days: int, reason: str) -> Rating:
    """Give so many working days more.

    Raises NotFound, NotPermitted, Invalid (`days`, `reason`), Refused (`not_possible_now`, `done_already`,
    `term_over`).
    """
    step = begin(rating_id, Act.EXTEND, actor)
    words = sound_note(reason, "note", _("延期的理由"))
    if not 1 <= days <= MOST_DAYS_MORE:
        message = _("延期 1 到 %(most)d 个工作日。") % {"most": MOST_DAYS_MORE}
        raise Invalid("days_out_of_range", message, field="days", cure=_("请改成这个范围内的天数。"))
    assert step.rating.rectify_term_id is not None  # started when it was found valid
    extend_term(locked_term(step.rating.rectify_term_id), Budget(days), step.moment, actor=actor, reason=words)
    return finish(step, words)
