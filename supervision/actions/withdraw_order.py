"""撤回督办单: before anybody has replied, with a reason; the number stays used."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._orders import hold, record, tell_act
from supervision.actions._terms import stop_term
from supervision.actions._words import sound_words
from supervision.domain.orders import Act
from supervision.models import OrderAct


@transaction.atomic
def withdraw_order(order_id: int, *, actor: Actor, words: str) -> OrderAct:
    """Withdraw the order; its limit stops.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`order_replied`, `order_ended`).
    """
    held = hold(order_id, Act.WITHDRAW, actor)
    row = record(held, Act.WITHDRAW, sound_words(words, "words", _("撤回理由")))
    stop_term(held.term, held.moment, actor=actor)
    tell_act(row, held.moment)
    return row
