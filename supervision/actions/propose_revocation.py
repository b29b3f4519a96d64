"""建议撤销红黄牌: a supervisor of the place who finds a card wrong says why; another person decides."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._cards import hold_card, record, require_not_gone, require_person, sound_reason
from supervision.models import CardReview
from supervision.selectors.supervised import require_duty, supervised_cards


@transaction.atomic
def propose_revocation(card_id: int, *, actor: Actor, reason: str) -> CardReview:
    """Propose to revoke a warning or card; it counts until another person revokes it.

    Raises NotFound (not in the actor's places), NotPermitted, Invalid (no reason), Refused (`already_revoked`,
    `already_cancelled`, `already_proposed`).
    """
    require_duty(actor)
    card, life = hold_card(supervised_cards(actor), card_id)
    require_person(actor)
    words = sound_reason(reason)
    require_not_gone(life.state)
    if life.open_proposal is not None:
        raise Refused("already_proposed", _("已经有人建议撤销这张牌。"), cure=_("请刷新页面，等候另一人决定。"))
    return record(card, CardReview.Act.PROPOSE, actor, words)
