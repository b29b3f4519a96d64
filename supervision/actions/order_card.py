"""转督办: a card that stands is put under a supervision order, by the number of the order."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._cards import (
    hold_card,
    name_of,
    record,
    require_county,
    require_standing,
    sound_reason,
    tell_body,
)
from supervision.models import CardReview
from supervision.selectors.supervised import supervised_cards


@transaction.atomic
def order_card(card_id: int, *, actor: Actor, reason: str) -> CardReview:
    """Mark the card as 督办; `reason` names the order (文号) and what is asked for. The body is told.

    Raises NotFound, NotPermitted, Invalid, Refused (`not_issued`, `already_revoked`, `already_ordered`, `not_a_card`).
    """
    require_county(actor)
    card, life = hold_card(supervised_cards(actor), card_id)
    words = sound_reason(reason)
    require_standing(life.state)
    if not card.is_card:
        raise Refused("not_a_card", _("预警不是牌，不转督办。"), cure=_("需要督促的，请直接催办。"))
    if life.is_ordered:
        raise Refused("already_ordered", _("这张牌已经转督办。"), cure=_("请刷新页面，查看督办单。"))
    row = record(card, CardReview.Act.ORDER, actor, words)
    tell_body(card, _("%(card)s 已转督办：%(why)s") % {"card": name_of(card), "why": words}, key=f"order:{row.pk}")
    return row
