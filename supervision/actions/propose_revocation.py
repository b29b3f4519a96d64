"""建议撤销红黄牌: a supervisor of the place who finds a card wrong says why; another person decides."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Clock
from halls.acting import Actor
from halls.domain.errors import NotFound, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions.review_card import require_person, sound_reason
from supervision.models import CardReview
from supervision.selectors.supervised import require_duty, supervised_cards


@transaction.atomic
def propose_revocation(card_id: int, *, actor: Actor, reason: str) -> CardReview:
    """Propose to revoke a warning or card; it counts until another person revokes it.

    Raises NotFound (not in the actor's places), NotPermitted, Invalid (no reason), Refused (`already_revoked`,
    `already_proposed`).
    """
    require_duty(actor)
    card = supervised_cards(actor).filter(pk=card_id).first()
    if card is None:
        raise NotFound(_("没有找到这条预警或红黄牌，或者它不在您的监察范围内。"))
    require_person(actor)
    words = sound_reason(reason)
    Clock.objects.select_for_update(no_key=True).get(pk=card.clock_id)  # cards are never locked: they never change
    if card.reviews.filter(act=CardReview.Act.REVOKE).exists():
        raise Refused("already_revoked", _("这张牌已经撤销。"), cure=_("请刷新页面，查看处理结果。"))
    if card.reviews.filter(act=CardReview.Act.PROPOSE, answer__isnull=True).exists():
        raise Refused("already_proposed", _("已经有人建议撤销这张牌。"), cure=_("请刷新页面，等候另一人决定。"))
    return CardReview.objects.create(
        card=card,
        act=CardReview.Act.PROPOSE,
        user_id=actor.user_id,
        person_code=actor.person_code,
        reason=words,
        at=read_moment().at,  # the trigger stamps the moment
    )
