"""未整改办结: the matter was not put right, or nobody answered in time; somebody is to answer for it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._orders import hold, record, tell_act
from supervision.actions._terms import stop_term
from supervision.actions._words import sound_words
from supervision.actions.open_accounts import open_of_order
from supervision.domain.orders import Act
from supervision.models import OrderAct


@transaction.atomic
def close_unrectified(order_id: int, *, actor: Actor, words: str) -> OrderAct:
    """Close the order as not rectified: after a reply, or without one when its limit has run out.

    A record of accountability is opened with it, or nothing of it happens. Raises NotFound, NotPermitted, Invalid (no
    reason), Refused (`order_not_replied` and not overdue, `order_ended`, `same_person`).
    """
    held = hold(order_id, Act.GIVE_UP, actor)
    row = record(held, Act.GIVE_UP, sound_words(words, "words", _("未整改的情况")))
    stop_term(held.term, held.moment, actor=actor)
    open_of_order(order_id)
    tell_act(row, held.moment)
    return row
