"""Orders and urges as tests make them: one call each, by the people of the small county."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from supervision.actions.accept_reply import accept_reply
from supervision.actions.close_unrectified import close_unrectified
from supervision.actions.extend_order import extend_order
from supervision.actions.issue_order import Wanted, issue_order
from supervision.actions.reply_order import reply_order
from supervision.actions.send_back_reply import send_back_reply
from supervision.actions.withdraw_order import withdraw_order
from supervision.models import Message, SupervisionOrder

TEXTS: dict[str, Any] = {
    "facts": "3 月 2 日上午抽查，综合窗口无人值守。",
    "demand": "查明原因，落实AB角，书面回复。",
    "basis": "本县政务服务督办办法第五条",
}


def issue(county, organ=None, *, by="supervisor", title="窗口无人值守", **about) -> SupervisionOrder:
    """An order to this hall or department (the first township by default), or about `case=` or `card=`."""
    if not about:
        about = {"organ": (organ or county.townships[0]).code, "title": title}
    return issue_order(Wanted(**TEXTS, **about), actor=county.actor(by))


def reply(county, order, by="director0", words="已整改：窗口设AB角。", **more):
    return reply_order(order.pk, actor=county.actor(by), words=words, **more)


def accept(county, order, by="supervisor", words="现场核对，已整改。"):
    return accept_reply(order.pk, actor=county.actor(by), words=words)


def send_back(county, order, by="supervisor", words="还缺排班表。"):
    return send_back_reply(order.pk, actor=county.actor(by), words=words)


def give_up(county, order, by="supervisor", words="仍然无人值守。"):
    return close_unrectified(order.pk, actor=county.actor(by), words=words)


def extend(county, order, by="supervisor", days=3, words="人员外出培训"):
    return extend_order(order.pk, actor=county.actor(by), days=days, words=words)


def withdraw(county, order, by="supervisor", words="发错了单位"):
    return withdraw_order(order.pk, actor=county.actor(by), words=words)


VERBS: dict[str, Callable[..., Any]] = {
    "reply": reply,
    "accept": accept,
    "send_back": send_back,
    "give_up": give_up,
    "extend": extend,
    "withdraw": withdraw,
}


def outcome(act):
    """What somebody gets who tries: "done", or the code of the refusal."""
    try:
        act()
    except (NotFound, NotPermitted, Refused, Invalid) as refusal:
        return refusal.code
    return "done"


def tried(act):
    """The outcome of an act that is taken back again: the county is built once for a whole table."""
    with transaction.atomic():
        found = outcome(act)
        transaction.set_rollback(True)
    return found


def told(order, seq):
    rows = Message.objects.filter(key=f"order:{order.pk}:{seq}").select_related("user")
    return {row.user_id for row in rows}
