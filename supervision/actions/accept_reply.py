"""核验通过: another person of the issuer's office finds the matter put right, and closes the order."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._orders import hold, record, sound_words, tell_act
from supervision.domain.orders import Act
from supervision.models import OrderAct


@transaction.atomic
def accept_reply(order_id: int, *, actor: Actor, words: str) -> OrderAct:
    """Close the order as rectified.

    Raises NotFound, NotPermitted (not the issuer's office), Invalid (no words), Refused (`order_not_replied`,
    `order_ended`, `same_person`).
    """
    held = hold(order_id, Act.ACCEPT, actor)
    row = record(held, Act.ACCEPT, sound_words(words, label=_("核验意见")))
    tell_act(row, held.moment)
    return row
