"""A warning or card on A4 (预警、黄牌、红牌通知书): who issued it, to whom, for what, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.lights import days_left
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.selectors.county import county_of
from halls.acting import Actor
from halls.selectors.work_calendar import Moment
from supervision.domain.card_life import CardAct, CardState
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import life
from supervision.selectors.cards import ground_of
from supervision.selectors.supervised import names_of
from supervision.views.card_parts import entries_of, facts_of, minute, why_words

_IN_THE_SENTENCE = (_("办件"), _("事项"), _("记在谁名下"), _("规则"), _("事由"))  # said above the table already
_NEVER_ISSUED = frozenset({CardState.PENDING, CardState.CANCELLED})


def paper_of(card: LimitWarning, actor: Actor, moment: Moment) -> dict[str, Any]:
    """The dict that components/official_paper.html prints; what was never issued bears no signature."""
    ground, state = ground_of(card), life(card)
    root = f"{county_of(card.application.path).code}/"
    names = names_of({root, card.seat_path})  # cards are the county's, whichever desk they blame
    mark = f"{state.label}{_('，督办') if state.is_ordered else ''}"
    is_issued = state.state not in _NEVER_ISSUED
    facts = [{"term": _("状态"), "text": mark}, *_printed(card, facts_of(card, ground, actor, moment), moment)]
    if is_issued:
        facts = [one for one in facts if one["term"] not in _IN_THE_SENTENCE]
    title = _("%(level)s通知书") % {"level": card.get_level_display()}
    body = [_body(card, ground.rule)] if is_issued else []
    signed = _issued_on(card)
    if state.state is CardState.REVOKED:  # the notice that it was is never printed again as one that holds
        revoked = next(row for row in card.reviews.all() if row.act == CardAct.REVOKE)
        body, signed = [_taken_back(card, ground.rule, revoked, title)], timezone.localtime(revoked.at)
        title = _("%(level)s撤销通知书") % {"level": card.get_level_display()}
    unsent = _("%(title)s（已取消，没有发出）") if state.state is CardState.CANCELLED else _("%(title)s（没有发出）")
    return {
        "organ": names.get(root, ""),
        "title": title if is_issued else unsent % {"title": title},
        "number": card.number,
        "to": f"{names.get(card.seat_path, '')}：" if is_issued else "",
        "paragraphs": body,
        "facts": [{"term": one["term"], "text": one["text"]} for one in facts if one["text"]],
        "columns": [_("序号"), _("时间"), _("处理"), _("经办人"), _("理由")],
        "rows": [
            [
                number,
                minute(one["at"]),
                one["what"],
                _("系统") if one["is_system"] else one["who"],
                one["reason"],
            ]
            for number, one in enumerate(entries_of(card), start=1)
        ],
        "after": [_("登记后不改不删；取消、维持和撤销都另记一条，原来的记录保留。")],
        "sign_organ": names.get(root, "") if is_issued else "",
        "sign_date": signed,
        "no_seal": not settings.DEMO,
        "seal_place": True,
        "sample": _("示例数据") if settings.DEMO else "",
        "dense": True,  # facts, acts and signature on one page
    }


def _body(card: LimitWarning, rule: str) -> str:
    """One sentence: which case, for what, and what is to be done; the ground stands among the facts."""
    words = {
        "number": card.application.display_number,
        "matter": card.application.matter.name,
        "why": why_words(card, rule),
        "level": card.get_level_display(),
    }
    if not card.is_card:
        return _("你单位承办的办件 %(number)s（%(matter)s），%(why)s，现予预警，请按时办结。") % words
    return (
        _("经查，你单位在承办办件 %(number)s（%(matter)s）中，存在“%(why)s”的情形，现予以%(level)s，请立即纠正。")
        % words
    )


def _taken_back(card: LimitWarning, rule: str, revoked: CardReview, title: str) -> str:
    """Who took back which notice when, and why."""
    return _(
        "%(county)s监察员%(who)s于%(at)s决定，撤销就办件 %(number)s（%(matter)s）“%(why)s”发给你单位的"
        "%(card)s号《%(title)s》。撤销理由：%(reason)s。原通知书自撤销之时起作废，不再计入红黄牌的数字。"
    ) % {
        "county": county_of(card.application.path).name,
        "who": revoked.user.full_name,
        "at": minute(revoked.at),
        "number": card.application.display_number,
        "matter": card.application.matter.name,
        "why": why_words(card, rule),
        "card": card.number,
        "title": title,
        "reason": revoked.reason.rstrip("。"),
    }


def _issued_on(card: LimitWarning) -> Any:
    confirmed = next((row.at for row in card.reviews.all() if row.act == CardAct.CONFIRM), card.recorded_at)
    return timezone.localtime(confirmed)


def _printed(card: LimitWarning, items: list[dict[str, Any]], moment: Moment) -> list[dict[str, Any]]:
    """The facts on paper, where nobody follows a link: the number stands above them, the limit is written out."""
    items = [one for one in items if one["term"] != _("监察编号")]
    for one in items:
        if one["term"] == _("时限") and card.clock is not None:
            one["text"] = _of_limit(card, moment)
        if one["term"] == _("告知"):
            one["text"] += _("；在本系统这张牌的页面上提出，由县监察员决定")
    return items


def _of_limit(card: LimitWarning, moment: Moment) -> str:
    """Which limit, when it ended, and by how much it was exceeded when it stopped, or until now."""
    words, due = str(CLOCK_LABELS[ClockKind(card.clock_kind)]), card.clock.due_at if card.clock else None
    if due is None:
        return words
    words += _("，%(due)s 届满") % {"due": minute(due)}
    until = (card.clock.stopped_at if card.clock else None) or moment.at
    if until <= due:
        return words
    over = -days_left(until, due, moment.calendar)
    return words + _("，到 %(until)s 超过 %(n)d 个工作日") % {"until": minute(until), "n": over}
