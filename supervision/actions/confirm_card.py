"""确认发牌: a card that waits is let out by a supervisor of the county; from then on it blames and counts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._cards import hold_card, record, require_county, require_not_gone, sound_reason
from supervision.domain.card_life import CardState
from supervision.models import CardReview
from supervision.selectors.cards import decided_already
from supervision.selectors.supervised import supervised_cards


@transaction.atomic
def confirm_card(card_id: int, *, actor: Actor, reason: str) -> CardReview:
    """Issue the card; the queue of telling takes it up, so that the body hears of it within a minute.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`already_issued`, `already_cancelled`, `same_person`:
    what a person issued by hand another one confirms).
    """
    require_county(actor)
    card, life = hold_card(supervised_cards(actor), card_id)
    require_not_gone(life.state)
    if life.state is not CardState.PENDING:
        raise Refused("already_issued", _("这张牌已经发出。"), cure=_("请刷新页面，查看处理结果。"))
    if decided_already(card, actor):
        raise Refused("same_person", _("提出发牌和确认不能是同一个人。"), cure=_("请由另一位县监察员确认。"))
    return record(card, CardReview.Act.CONFIRM, actor, sound_reason(reason))
