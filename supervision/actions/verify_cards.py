"""复核已发的牌: every night each card of the last weeks must still follow from the facts; what does not is proposed."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from applications.models import Application
from halls.acting import Actor, system_actor
from halls.constraints import violates
from halls.selectors.work_calendar import read_moment
from supervision.domain.card_life import CardState
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import life
from supervision.selectors.card_check import Unsupported, unsupported_cards

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verified:
    """How many cards were looked at, how many are not borne out, and how many proposals are new."""

    cards: int
    unsupported: int
    proposed: int


def verify_cards() -> Verified:
    """Propose to revoke every card that neither facts nor calendar bear out any more; a person decides.

    Safe twice: the same finding about a card is proposed once, and not while another proposal is open.
    """
    cards, found = unsupported_cards(read_moment())
    proposed = 0
    actor: Actor | None = None
    for one in found:
        actor = actor or system_actor()
        proposed += _propose(one, actor)
    if found:
        logger.error("cards_unsupported cards=%d found=%d proposed=%d", cards, len(found), proposed)
    else:
        logger.info("cards_verified cards=%d", cards)
    return Verified(cards, len(found), proposed)


@transaction.atomic
def _propose(found: Unsupported, actor: Actor) -> bool:
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=found.application_id)
    card = LimitWarning.objects.get(pk=found.card_id)
    state = life(card)
    if state.open_proposal is not None or state.state in (CardState.REVOKED, CardState.CANCELLED):
        return False
    try:
        with transaction.atomic():
            CardReview.objects.create(
                card=card,
                act=CardReview.Act.PROPOSE,
                finding=found.words,
                user_id=actor.user_id,
                person_code=actor.person_code,
                reason=f"夜间核对：{found.words}",
                at=read_moment().at,  # the trigger stamps the moment
            )
    except IntegrityError as fault:
        if not violates(fault, "cardreview_found_once"):
            raise
        return False  # found before, and decided
    return True
