"""取消: a card that waits is not issued after all; it stays on record with the reason, and never counts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._cards import hold_card, record, require_county, require_not_gone, sound_reason, wake
from supervision.domain.card_life import CardState
from supervision.models import CardReview
from supervision.selectors.supervised import supervised_cards


@transaction.atomic
def cancel_card(card_id: int, *, actor: Actor, reason: str) -> CardReview:
    """Cancel the card before it is issued; whoever asked for it by hand may, too.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`already_issued`: then it is revoked, not cancelled;
    `already_cancelled`).
    """
    require_county(actor)
    card, life = hold_card(supervised_cards(actor), card_id)
    require_not_gone(life.state)
    if life.state is not CardState.PENDING:
        raise Refused(
            "already_issued", _("这张牌已经发出，不能取消。"), cure=_("确有错误的，请建议撤销，由另一人决定。")
        )
    row = record(card, CardReview.Act.CANCEL, actor, sound_reason(reason))
    if card.clock_id is not None:
        wake(card, card.clock_id)
    return row
