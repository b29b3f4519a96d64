"""申诉: the body that a card blames says once, within five working days of being told, why it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from halls import files
from halls.acting import Actor
from halls.domain.errors import NotPermitted, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import (
    hold_card,
    name_of,
    record,
    require_person,
    require_standing,
    sound_reason,
    tell_deciders,
)
from supervision.domain.card_life import APPEAL_DAYS
from supervision.models import CardReview, LimitWarning
from supervision.selectors.cards import appeal_until, may_lead_appeal, require_card_reader, told_at, visible_cards

SAID = 200  # of the reason, in the message; the card's page has all of it


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The bytes that come with an appeal, under the name that their sender gave them."""

    data: bytes
    name: str


@transaction.atomic
def appeal_card(card_id: int, *, actor: Actor, reason: str, enclosure: Enclosure | None = None) -> CardReview:
    """Appeal against a card; it counts on until a supervisor revokes it. Whoever may decide is told at once.

    Raises NotFound, NotPermitted (who does not decide at the blamed body; who watches the county), Invalid (no reason,
    a file that is none), Refused (`not_issued`, `already_revoked`, `already_appealed`, `appeal_late` with the date).
    """
    require_card_reader(actor)
    checked = files.check(enclosure.data, enclosure.name) if enclosure else None
    card, life = hold_card(visible_cards(actor), card_id)
    require_person(actor)
    if not may_lead_appeal(actor, card):
        raise NotPermitted(
            "not_the_body",
            _("申诉由被发牌单位负责决定的人提出。"),
            cure=_("请转告本单位的审批人；监察员不能代为申诉。"),
        )
    words = sound_reason(reason)
    require_standing(life.state)
    _require_card(card)
    if card.reviews.filter(act=CardReview.Act.APPEAL).exists():
        raise Refused("already_appealed", _("这张牌已经申诉过，只能申诉一次。"), cure=_("请查看处理结果。"))
    _require_in_time(card)
    more = {}
    if checked is not None:
        files.store(checked)
        more = {"file_sha256": checked.sha256, "file_type": checked.media_type, "file_name": checked.name}
    row = record(card, CardReview.Act.APPEAL, actor, words, **more)
    said = {"card": name_of(card), "reason": row.reason[:SAID]}
    tell_deciders(
        card, _("%(card)s：被发牌单位已申诉，请决定撤销还是维持。申诉理由：%(reason)s") % said, key=f"appeal:{row.pk}"
    )
    return row


def _require_card(card: LimitWarning) -> None:
    if not card.is_card:
        raise Refused("not_a_card", _("预警不是牌，不需要申诉。"), cure=_("请抓紧办理。"))


def _require_in_time(card: LimitWarning) -> None:
    moment = read_moment()
    told = told_at(card, day_of(moment.at))
    until = appeal_until(told, moment)
    if until is not None and day_of(moment.at) > until:
        said = {
            "told": f"{timezone.localtime(told):%Y年%-m月%-d日}" if told else "",
            "days": APPEAL_DAYS,
            "until": f"{until:%Y年%-m月%-d日}",
        }
        raise Refused(
            "appeal_late",
            _("申诉期已过：%(told)s 告知，%(days)d 个工作日到 %(until)s 止。") % said,
            cure=_("确有错误的，可以请县监察员建议撤销。"),
        )
