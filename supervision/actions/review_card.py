"""复核红黄牌: a proposal to revoke a card is decided by a supervisor of the place, with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from applications.models import Clock
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from supervision.models import CardReview, LimitWarning
from supervision.selectors.supervised import require_duty, supervised_cards

LONGEST_REASON = 500
_RUNG_COLUMN = {"warning": "warn_at", "yellow": "yellow_at", "red": "red_at"}


@transaction.atomic
def review_card(proposal_id: int, *, actor: Actor, act: str, reason: str) -> CardReview:
    """Revoke or uphold the card of a proposal; the row of the proposal stays.

    Raises NotFound (not in the actor's places), NotPermitted, Invalid (no reason), Refused (`already_decided`,
    `same_person`: what a person proposed another one decides).
    """
    require_duty(actor)
    proposal = CardReview.objects.select_related("card").filter(pk=proposal_id, act=CardReview.Act.PROPOSE).first()
    if proposal is None or not supervised_cards(actor).filter(pk=proposal.card_id).exists():
        raise NotFound(_("没有找到这条建议，或者它不在您的监察范围内。"))
    require_person(actor)
    _require_distance(actor, proposal.card)
    if act not in (CardReview.Act.REVOKE, CardReview.Act.UPHOLD):
        raise Invalid("unknown_act", _("请选择撤销或维持。"), field="act", cure=_("选一项再提交。"))
    if proposal.is_own(actor.user_id, actor.person_code):
        raise Refused("same_person", _("提出和决定不能是同一个人。"), cure=_("请由另一位监察员决定撤销还是维持。"))
    words = sound_reason(reason)
    try:
        with transaction.atomic():
            row = CardReview.objects.create(
                card=proposal.card,
                act=act,
                answers=proposal,
                user_id=actor.user_id,
                person_code=actor.person_code,
                reason=words,
                at=proposal.at,  # the trigger stamps the moment
            )
    except IntegrityError as fault:
        raise Refused(
            "already_decided", _("这条建议已经有人处理过了。"), cure=_("请刷新页面，查看处理结果。")
        ) from fault
    if act == CardReview.Act.REVOKE:
        _wake(proposal.card)
    return row


def _require_distance(actor: Actor, card: LimitWarning) -> None:
    """A card of a township is not decided there: its director stands on the same ladder as those who were late."""
    if card.level == LimitWarning.Level.WARNING or any(is_county(node) for node in actor.supervises):
        return
    raise NotPermitted(
        "own_cards", _("黄牌、红牌由县监察员复核，本乡镇、本部门的人不能决定。"), cure=_("请转告县监察员处理。")
    )


def is_county(node: str) -> bool:
    """Whether a node of the tree is a county's root."""
    return node.count("/") == 1 and "~" not in node


def require_person(actor: Actor) -> None:
    """Raises NotPermitted for the system: cards are for people to decide about."""
    if actor.is_system:
        raise NotPermitted("not_a_person", _("红黄牌由人决定。"), cure=_("请由监察员处理。"))


def sound_reason(reason: str) -> str:
    """Return the reason as it is kept. Raises Invalid for none, and for one that is too long."""
    words = reason.strip()
    if not 0 < len(words) <= LONGEST_REASON:
        raise Invalid("reason_missing", _("请写明理由（500 字以内）。"), field="reason", cure=_("一两句话写清为什么。"))
    return words


def _wake(card: LimitWarning) -> None:
    """Let the sweep look at the clock again: what it reaches under the new calendar is a card of its own."""
    clock = Clock.objects.select_for_update(no_key=True).get(pk=card.clock_id)
    rung: datetime | None = getattr(clock, _RUNG_COLUMN[card.level])
    is_ahead = rung is not None and (clock.stopped_at is None or rung < clock.stopped_at)
    if rung is not None and is_ahead and (clock.next_action_at is None or rung < clock.next_action_at):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Clock._meta.db_table} SET next_action_at = %s WHERE id = %s",  # noqa: S608
                [rung, clock.pk],
            )
