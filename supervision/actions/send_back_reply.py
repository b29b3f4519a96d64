"""退回重办: what is missing is said once, and a new limit runs."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.duties import Duty
from supervision.actions._orders import hold, order_address, record, tell_act
from supervision.actions._terms import Ask, start_term
from supervision.actions._words import sound_words
from supervision.domain.orders import REPLY_DAYS, Act
from supervision.models import OrderAct


@transaction.atomic
def send_back_reply(order_id: int, *, actor: Actor, words: str) -> OrderAct:
    """Send the reply back once, with what is missing; the organ has five working days anew.

    Raises NotFound, NotPermitted, Invalid (not said what is missing), Refused (`sent_back_once`, `order_not_replied`,
    `order_ended`, `same_person`).
    """
    held = hold(order_id, Act.SEND_BACK, actor)
    text = sound_words(words, "words", _("还缺什么"))
    order = held.order
    ask = Ask(
        ClockKind.ORDER,
        Budget(REPLY_DAYS),
        order.title,
        order_address(order.pk),
        order.organ_path,
        Duty(order.duty),
    )
    row = record(held, Act.SEND_BACK, text, term=start_term(ask, held.moment, actor))
    tell_act(row, held.moment)
    return row
