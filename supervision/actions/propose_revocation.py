"""建议撤销红黄牌: a supervisor of the place who finds a card wrong says why; another person decides."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import NotPermitted, Refused
from supervision.actions._cards import hold_card, record, require_not_gone, require_person, sound_reason
from supervision.models import CardReview
from supervision.selectors.cards import is_of_blamed_body
from supervision.selectors.supervised import require_duty, supervised_cards


@transaction.atomic
def propose_revocation(card_id: int, *, actor: Actor, reason: str) -> CardReview:
    """Propose to revoke a warning or card; it counts until another person revokes it.

    Raises NotFound (not in the actor's places), NotPermitted (`own_body`: it appeals), Invalid (no reason), Refused
    (`already_revoked`, `already_cancelled`, `already_proposed`).
    """
    require_duty(actor)
    card, life = hold_card(supervised_cards(actor), card_id)
    require_person(actor)
    if is_of_blamed_body(actor, card):
        raise NotPermitted(
            "own_body",
            _("这张牌发给了您负责的单位，不能由您建议撤销。"),
            cure=_("有异议的，由本单位有「决定」职责的人（审批人、首席代表）申诉。"),
        )
    words = sound_reason(reason)
    require_not_gone(life.state)
    if life.open_proposal is not None:
        raise Refused("already_proposed", _("已经有人建议撤销这张牌。"), cure=_("请刷新页面，等候另一人决定。"))
    return record(card, CardReview.Act.PROPOSE, actor, words)
