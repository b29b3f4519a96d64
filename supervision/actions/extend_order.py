"""督办单延期: the issuer's office gives the organ more time, once, before the limit runs out, and says why.

The organ asks for it in its own way; it does not lengthen its own limit.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid
from supervision.actions._orders import hold, record, tell_act
from supervision.actions._terms import extend_term
from supervision.actions._words import sound_words
from supervision.domain.orders import REPLY_DAYS, Act
from supervision.models import OrderAct

LONGEST_REASON = 500


@transaction.atomic
def extend_order(order_id: int, *, actor: Actor, days: int, words: str) -> OrderAct:
    """Extend the limit by 1 to 5 working days.

    Raises NotFound, NotPermitted, Invalid (days, no reason), Refused (`term_extended`, `term_over`, `order_replied`,
    `order_ended`).
    """
    held = hold(order_id, Act.EXTEND, actor)
    if not 1 <= days <= REPLY_DAYS:
        raise Invalid(
            "days_out_of_range",
            _("延期只能是 1 至 %(n)d 个工作日。") % {"n": REPLY_DAYS},
            field="days",
            cure=_("请改成这个范围内的整数。"),
        )
    reason = sound_words(words, "words", _("延期理由"), longest=LONGEST_REASON)
    row = record(held, Act.EXTEND, reason, days=days)
    extend_term(held.term, Budget(days), held.moment, actor=actor, reason=reason)
    tell_act(row, held.moment)
    return row
