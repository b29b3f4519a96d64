"""Values ready to print that the pages of supervision orders share; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from halls.selectors.work_calendar import Moment
from supervision.domain.orders import OPEN, Act, State
from supervision.models import OrderAct, SupervisionOrder
from supervision.views.parts import address
from supervision.views.term_parts import term_light

STATE_KINDS: dict[str, str] = {
    State.ISSUED: "waiting",
    State.REPLIED: "active",
    State.CLOSED: "good",
    State.UNRECTIFIED: "stale",
    State.WITHDRAWN: "ended",
}
_MOODS: dict[str, str] = {Act.ACCEPT: "good", Act.GIVE_UP: "bad", Act.SEND_BACK: "bad"}


def crumbs(*more: dict[str, str], watches: bool) -> list[dict[str, str]]:
    """Where a page stands; nothing leads where the actor may not go."""
    root = [{"label": _("电子监察"), "url": reverse("supervision")}] if watches else []
    return [*root, {"label": _("督办单"), "url": reverse("orders")}, *more]


def order_rows(orders: Iterable[SupervisionOrder], moment: Moment) -> list[dict[str, Any]]:
    """Lines of the list; `term` and `application` are joined."""
    return [
        {
            "number": order.number,
            "url": reverse("order", args=[order.pk]),
            "title": order.title,
            "organ": order.organ_name,
            "issuer": order.issuer_name,
            "state": order.get_state_display(),
            "state_kind": STATE_KINDS[order.state],
            "light": light_of(order, moment),
            "issued_at": timezone.localtime(order.issued_at),
            "due": timezone.localtime(order.term.due_at),
            "provisional": order.term.is_provisional,
            "is_open": order.state in OPEN,
        }
        for order in orders
    ]


def light_of(order: SupervisionOrder, moment: Moment) -> dict[str, Any]:
    """The light of the order's limit, in words about a reply; `bare`: the words say it all, for a reply is no end."""
    if order.state == State.WITHDRAWN:
        return {"kind": "none", "words": _("已撤回"), "bare": True}
    light = term_light(order.term, moment)
    if light["kind"] != "done":
        return light
    if order.state == State.UNRECTIFIED:
        return {"kind": "red", "words": _("未整改"), "bare": True}
    return light


def facts_of(order: SupervisionOrder) -> list[dict[str, Any]]:
    """What the order is: from whom, to whom, about what."""
    case, card = order.application, order.card
    rows: list[dict[str, Any]] = [
        {"term": _("签发单位"), "text": order.issuer_name},
        {
            "term": _("签发"),
            "text": f"{order.issued_by.full_name} {timezone.localtime(order.issued_at):%Y-%m-%d %H:%M}",
        },
        {"term": _("承办单位"), "text": order.organ_name},
        {"term": _("由谁回复"), "text": answerer_words(order)},
    ]
    if case is not None:
        rows.append({"term": _("办件"), "text": case.display_number, "url": reverse("case", args=[case.number])})
        rows.append({"term": _("事项"), "text": case.matter.name})
    if card is not None:
        url = reverse("supervision_card", args=[card.pk])
        rows.append({"term": _("红黄牌"), "text": card.get_level_display(), "url": url})
    return [
        *rows,
        {"term": _("事实"), "text": order.facts, "wide": True},
        {"term": _("要求"), "text": order.demand, "wide": True},
        {"term": _("依据"), "text": order.basis, "wide": True},
    ]


def answerer_words(order: SupervisionOrder) -> str:
    """Who answers for the organ, in words: 首席代表 and heads decide there, a township's director watches."""
    if order.duty == "supervise":
        return _("大厅负责人")
    return _("单位负责人（首席代表）；无人在岗的，由上一级回复") if order.above_path else _("单位负责人（首席代表）")


def act_entries(order: SupervisionOrder, acts: Iterable[OrderAct]) -> list[dict[str, Any]]:
    """Entries for components/timeline.html, newest first."""
    entries = [
        {
            "at": timezone.localtime(row.at),
            "who": row.user.full_name,
            "post": row.post,
            "what": _what(row),
            "reason": row.words,
            "kind": _MOODS.get(row.act, ""),
        }
        for row in acts
    ]
    return entries[::-1]


def _what(row: OrderAct) -> str:
    if row.act == Act.EXTEND:
        return _("延期 %(n)d 个工作日") % {"n": row.days}
    if row.term is not None:
        due = timezone.localtime(row.term.due_at)
        words = _("%(act)s，最晚 %(year)d年%(month)d月%(day)d日回复")
        return words % {"act": row.get_act_display(), "year": due.year, "month": due.month, "day": due.day}
    return row.get_act_display()


def files_of(order: SupervisionOrder, acts: Iterable[OrderAct]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "url": reverse("order_file", args=[order.pk, one.pk]), "kb": max(one.size // 1024, 1)}
        for row in acts
        for one in row.files.all()
    ]


def box_tabs(boxes: dict[str, Any], current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": address("orders", box=key), "current": key == current} for key, label in boxes.items()
    ]
