"""复核红黄牌: a proposal to revoke a card, or an appeal against it, is decided by a supervisor, with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from supervision.actions._cards import (
    hold_card,
    name_of,
    record,
    require_person,
    require_standing,
    sound_reason,
    tell_body,
    wake,
)
from supervision.models import CardReview, LimitWarning, Message
from supervision.selectors.cards import decided_already, watches_county
from supervision.selectors.supervised import require_duty, supervised_cards

_ASKED = (CardReview.Act.PROPOSE, CardReview.Act.APPEAL)


@transaction.atomic
def review_card(proposal_id: int, *, actor: Actor, act: str, reason: str) -> CardReview:
    """Revoke or uphold the card of a proposal or an appeal; the row that it answers stays. The body is told.

    Raises NotFound (not in the actor's places), NotPermitted, Invalid (no reason), Refused (`already_decided`,
    `already_revoked`, `not_issued`, `same_person`: what a person proposed, issued or confirmed another one decides).
    """
    require_duty(actor)
    proposal = CardReview.objects.filter(pk=proposal_id, act__in=_ASKED).first()
    if proposal is None:
        raise NotFound(_("没有找到这条建议，或者它不在您的监察范围内。"))
    card, life = hold_card(supervised_cards(actor), proposal.card_id)
    require_person(actor)
    _require_distance(actor, card)
    if act not in (CardReview.Act.REVOKE, CardReview.Act.UPHOLD):
        raise Invalid("unknown_act", _("请选择撤销或维持。"), field="act", cure=_("选一项再提交。"))
    if proposal.is_own(actor.user_id, actor.person_code) or decided_already(card, actor):
        raise Refused(
            "same_person",
            _("提出、发牌和决定不能是同一个人。"),
            cure=_("请由另一位监察员决定撤销还是维持。"),
        )
    words = sound_reason(reason)
    if proposal.pk not in (life.open_appeal, life.open_proposal):
        require_standing(life.state)
        raise Refused("already_decided", _("这条建议已经有人处理过了。"), cure=_("请刷新页面，查看处理结果。"))
    require_standing(life.state)
    row = record(card, CardReview.Act(act), actor, words, answers=proposal)
    if act == CardReview.Act.REVOKE and card.clock_id is not None:
        wake(card, card.clock_id)
    _tell(card, proposal, row)
    return row


def _tell(card: LimitWarning, proposal: CardReview, row: CardReview) -> None:
    """Of a card hear the deciders of the blamed body, and whoever was told of it, proposed it, appealed or doubted."""
    heard = set(Message.objects.filter(key=f"warning:{card.pk}").values_list("user", flat=True))
    if card.issued_by_id is not None:
        heard.add(card.issued_by_id)
    if proposal.notice_id is None and not proposal.finding:
        heard.add(proposal.user_id)
    asked = _("申诉") if proposal.act == CardReview.Act.APPEAL else _("撤销建议")
    said = {"card": name_of(card), "asked": asked, "act": row.get_act_display(), "reason": row.reason}
    words = _("%(card)s：%(asked)s已处理，决定%(act)s。理由：%(reason)s") % said
    if card.is_card:
        level = "" if row.act == CardReview.Act.REVOKE else card.level  # what was revoked is no red card any more
        tell_body(card, words, key=f"review:{row.pk}", also=tuple(heard), level=level)


def _require_distance(actor: Actor, card: LimitWarning) -> None:
    """A card of a township is not decided there: its director stands on the same ladder as those who were late."""
    if card.level == LimitWarning.Level.WARNING or watches_county(actor):
        return
    raise NotPermitted(
        "own_cards", _("黄牌、红牌由县监察员复核，本乡镇、本部门的人不能决定。"), cure=_("请转告县监察员处理。")
    )
