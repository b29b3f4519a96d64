"""A card ready to print: what it stands on, what became of it, who may do what about it now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.shares import PICKUP
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Application
from applications.selectors.statement import CaseStatements
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotPermitted, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from supervision.domain.card_life import APPEAL_DAYS, CardAct, CardLife, CardState
from supervision.figures import CARD_LISTS
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import life
from supervision.permissions.orders import issuer_of
from supervision.selectors.cards import (
    Ground,
    appeal_until,
    decided_already,
    effective_of,
    figures_of,
    is_of_blamed_body,
    may_lead_appeal,
    told_at,
    watches_county,
)
from supervision.selectors.holders import holders_at
from supervision.selectors.supervised import names_of
from supervision.views.parts import address

STATE_KINDS = {
    CardState.PENDING: "waiting",
    CardState.ISSUED: "",
    CardState.APPEALED: "stale",
    CardState.UPHELD: "",
    CardState.REVOKED: "ended",
    CardState.CANCELLED: "ended",
}


def facts_of(card: LimitWarning, ground: Ground, actor: Actor, moment: Moment) -> list[dict[str, Any]]:
    """Everything the card stands on, in pairs."""
    case = card.application
    links = Application.objects.visible_to(actor).filter(pk=case.pk).exists()
    items: list[dict[str, Any]] = [
        {"term": _("监察编号"), "text": card.number},
        {"term": _("发牌方式"), "text": card.get_mode_display()},
        {
            "term": _("办件"),
            "text": case.display_number,
            "url": reverse("case", args=[case.number]) if links else "",
        },
        {"term": _("事项"), "text": case.matter.name},
        {"term": _("记在谁名下"), "text": names_of({card.seat_path}).get(card.seat_path, "")},
        {"term": _("环节"), "text": ground.step},
        *_holders(card, ground),
        {"term": _("生效"), "text": _effect(card)},
        {"term": _("登记"), "text": minute(card.recorded_at) + (_("（补记）") if card.is_late else "")},
    ]
    if card.clock_id is not None:
        items += _of_clock(card, ground, moment, links=links)
    else:
        items += _by_hand(card, ground)
    return items + _appeal(card, moment)


def _effect(card: LimitWarning) -> str:
    effective = effective_of(card)
    if effective is not None:
        return minute(effective)
    return _("没有生效") if life(card).state is CardState.CANCELLED else _("还没有生效，自县监察员确认发出时生效")


def _appeal(card: LimitWarning, moment: Moment) -> list[dict[str, Any]]:
    """Until when and by whom an appeal is made; said from the moment of issue, before anybody was told, too."""
    if not card.is_card or not life(card).stands:
        return []
    told = told_at(card, day_of(moment.at))
    until = appeal_until(told, moment)
    words = _("自告知的次日起 %(days)d 个工作日内可以申诉") % {"days": APPEAL_DAYS}
    if told is not None and until is not None:
        said = {"told": minute(told), "days": APPEAL_DAYS, "until": f"{until:%Y年%-m月%-d日}"}
        words = _("%(told)s告知，%(days)d 个工作日内可以申诉，到 %(until)s止") % said
    top = "/".join(card.seat_path.split("/")[:2]).rstrip("/") + "/"  # a county's deciders are of no township
    deciders = holders_at(card.seat_path, Duty.DECIDE, day_of(moment.at), top=top)
    who = "、".join(dict.fromkeys(one["title"] or one["post"] for one in deciders)) or _("目前没有人在岗")
    return [
        {"term": _("告知"), "text": words},
        {"term": _("谁可以申诉"), "text": _("被发牌单位有「决定」职责的人：%(who)s") % {"who": who}},
    ]


def _holders(card: LimitWarning, ground: Ground) -> list[dict[str, Any]]:
    """Who held the duty, of a card; a warning blames nobody, and nobody is looked up for it."""
    if not card.is_card:
        return []
    words = "、".join(_holder(one) for one in ground.holders) or _("那天没有人在岗")
    return [{"term": _("当时的责任人"), "text": words, "wide": True}]


def _of_clock(card: LimitWarning, ground: Ground, moment: Moment, *, links: bool) -> list[dict[str, Any]]:
    statement = reverse("clock_statement", args=[card.application.number, card.clock_id]) if links else ""
    words = {"clock": CLOCK_LABELS[ClockKind(card.clock_kind)], "rule": ground.rule or _("时限届满")}
    items: list[dict[str, Any]] = [
        {"term": _("时限"), "text": _("%(clock)s（看怎么算的）") % words, "url": statement},
        {"term": _("规则"), "text": _("%(clock)s：%(rule)s") % words, "wide": True},
        {"term": _("依据"), "text": ground.citation, "wide": True},
    ]
    if card.clock_kind == ClockKind.DELIVERY:
        items.append({"term": _("这些日子在谁手上"), "text": _way_of_result(card, moment), "wide": True})
    return items


def _way_of_result(card: LimitWarning, moment: Moment) -> str:
    """Who had the result on which days, as the statement of this limit says it, and why a wait is nobody else's."""
    found = CaseStatements(card.application, moment).find(card.clock_id or 0)
    shares = found.shares if found is not None else ()
    words = "；".join(
        _("%(name)s（%(who)s）%(used)d 个工作日") % {"name": one.name, "who": one.who, "used": one.used}
        for one in shares
        if one.used
    )
    if any(one.kind == PICKUP and one.used for one in shares):
        words += _(
            "。等待领取的日子依法计在拿着结果的单位：行政许可法第四十四条规定由行政机关送达，第四十五条没有把等申请人来领列为除外，"
            "可以邮寄或请代办员送达。已经通知、申请人约定晚来的，可以凭记录申诉。"
        )
    return words


def _by_hand(card: LimitWarning, ground: Ground) -> list[dict[str, Any]]:
    return [
        {"term": _("事由"), "text": ground.rule, "wide": True},
        {"term": _("发生日期"), "text": f"{card.happened_on:%Y年%-m月%-d日}"},
        {"term": _("事实"), "text": card.facts, "wide": True},
        {"term": _("依据"), "text": card.citation, "wide": True},
    ]


def entries_of(card: LimitWarning) -> list[dict[str, Any]]:
    """Every act about the card, the oldest first, for components/timeline.html."""
    issuer = card.issued_by.full_name if card.issued_by else ""
    first = _("人工提出") if card.clock_id is None else _("巡检登记")
    if card.mode == LimitWarning.Mode.AUTO:
        first = _("自动发出")
    entries: list[dict[str, Any]] = [
        {
            "at": timezone.localtime(card.recorded_at),
            "who": issuer,
            "is_system": not issuer,
            "what": first,
            "reason": "",
        }
    ]
    return entries + [_entry(row) for row in sorted(card.reviews.all(), key=lambda one: one.pk)]


def _entry(row: CardReview) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "at": timezone.localtime(row.at),
        "who": row.user.full_name,
        "is_system": bool(row.finding),
        "what": row.get_act_display(),
        "reason": row.reason,
        "kind": "bad" if row.act == CardReview.Act.REVOKE else "",
    }
    if row.notice_id:
        entry |= {
            "document_url": reverse("calendar_notice", args=[row.notice_id]),
            "document_label": _("看日历通知"),
        }
    elif row.file_sha256:
        entry |= {"document_url": reverse("supervision_card_file", args=[row.card_id]), "document_label": row.file_name}
    return entry


def may_do(card: LimitWarning, actor: Actor, moment: Moment) -> dict[str, Any]:
    """The forms that the page offers this person now; each act is asked again when it is pressed."""
    state = life(card)
    county = watches_county(actor)
    own_body = is_of_blamed_body(actor, card)
    watches = actor.holds(Duty.SUPERVISE, card.application.path)
    own = decided_already(card, actor)
    doubts = [
        row
        for row in card.reviews.all()
        if row.pk in (state.open_appeal, state.open_proposal) and not row.is_own(actor.user_id, actor.person_code)
    ]
    is_asked = state.open_proposal is not None or state.open_appeal is not None
    may_review = (county or (not card.is_card and watches)) and not own and state.stands
    return {
        "may_confirm": county and state.state is CardState.PENDING and not own,
        "may_cancel": county and state.state is CardState.PENDING,
        "doubt": doubts[0] if doubts and may_review else None,
        # Of an open appeal whoever watches decides, or waits: no second box beside it asks for the same.
        "may_propose": watches and state.stands and not is_asked and not own_body,
        "may_order": _may_order(card, state, actor) if watches else False,
        "must_appeal": own_body and state.stands and not is_asked,
        "may_appeal": _may_appeal(card, state, actor, moment),
        "is_own": own,
        "is_proposer": _is_own_doubt(card, state.open_proposal, actor),
        "is_appellant": _is_own_doubt(card, state.open_appeal, actor),
    }


def _may_order(card: LimitWarning, state: CardLife, actor: Actor) -> bool:
    """Whether the form of an order would open: nobody orders their own hall, which answers by themselves."""
    if not state.stands or state.is_ordered:
        return False
    try:
        issuer_of(card.seat_path, actor)
    except (NotPermitted, Refused):
        return False
    return True


def _may_appeal(card: LimitWarning, state: CardLife, actor: Actor, moment: Moment) -> bool:
    if not card.is_card or not state.stands or not may_lead_appeal(actor, card):
        return False
    if any(row.act == CardAct.APPEAL for row in card.reviews.all()):
        return False
    until = appeal_until(told_at(card, day_of(moment.at)), moment)
    return until is None or timezone.localtime(moment.at).date() <= until


def _is_own_doubt(card: LimitWarning, asked: int | None, actor: Actor) -> bool:
    """Whether this very person appealed, or proposed to revoke."""
    return any(row.pk == asked and row.is_own(actor.user_id, actor.person_code) for row in card.reviews.all())


def figure_links(card: LimitWarning, actor: Actor, moment: Moment) -> list[dict[str, str]]:
    """The figures the card counts in, of which month, with their definitions; whoever watches opens those of now."""
    opens, month = bool(actor.supervises), _month(moment.at)
    return [
        {
            "label": str(CARD_LISTS[key].label),
            "definition": str(CARD_LISTS[key].definition),
            "month": _month(at) if at else "",
            "url": address("supervision_warnings", figure=key) if opens and (at is None or _month(at) == month) else "",
        }
        for key, at in figures_of(card)
    ]


def _month(at: datetime) -> str:
    local = timezone.localtime(at)
    return _("%(year)d年%(month)d月") % {"year": local.year, "month": local.month}


def why_words(card: LimitWarning, rule: str) -> str:
    """What the card was set for: 超过承诺时限, 承诺时限剩余不超过 2 个工作日, or the fault that somebody wrote down."""
    if not card.clock_kind:
        return card.get_fault_display()
    limit = str(CLOCK_LABELS[ClockKind(card.clock_kind)])
    limit += "" if limit.endswith(("时限", "期限")) else _("时限")
    rule = rule or _("期限届满")
    return rule.replace("期限", limit, 1) if "期限" in rule else f"{limit}{rule}"


def _holder(one: dict[str, str]) -> str:
    return f"{one['name']}（{one['place']} {one['title'] or one['post']}）"


def minute(at: Any) -> str:
    return f"{timezone.localtime(at):%Y年%-m月%-d日 %H:%M}"
