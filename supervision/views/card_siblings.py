"""Cards of one case that took effect in one minute: each limit has its own, and each says so of the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.acting import Actor
from supervision.models import LimitWarning
from supervision.models.card_review import is_issued
from supervision.selectors.cards import visible_cards

# What each limit measures, so that nobody takes two of them for one fault that is punished twice.
_MEASURES: Final = {
    ClockKind.PRE_REVIEW: gettext_lazy("网上预审的时间"),
    ClockKind.ACCEPTANCE: gettext_lazy("受理窗口答复的时间"),
    ClockKind.PROMISED: gettext_lazy("向群众承诺的全部时间"),
    ClockKind.STATUTORY: gettext_lazy("法律给的全部时间"),
    ClockKind.STEP: gettext_lazy("这一环节分到的时间"),
    ClockKind.SPECIAL: gettext_lazy("特别程序批准的时间"),
    ClockKind.DELIVERY: gettext_lazy("决定以后制证、送达的时间"),
}
A_MINUTE: Final = timedelta(minutes=1)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def beside(card: LimitWarning, cards: Iterable[LimitWarning]) -> list[LimitWarning]:
    """Of these the other cards of the same case and minute."""
    if not card.is_card:
        return []
    return [
        one
        for one in cards
        if one.pk != card.pk
        and one.is_card
        and one.application_id == card.application_id
        and _minute(one.effective_at) == _minute(card.effective_at)
    ]


def seen_beside(card: LimitWarning, actor: Actor) -> list[LimitWarning]:
    """The same, of those that the actor may see: one statement."""
    begin = _minute(card.effective_at)
    same = visible_cards(actor).filter(
        is_issued(), application=card.application_id, effective_at__gte=begin, effective_at__lt=begin + A_MINUTE
    )
    return beside(card, same.order_by("pk"))


def why_both(card: LimitWarning, others: Sequence[LimitWarning]) -> str:
    """One sentence: which other cards there are, and that each is of a limit of its own; "" where there is none."""
    if not others:
        return ""
    told = "、".join(f"{one.get_level_display()}（{_label(one)}）" for one in others)
    words = _("同一分钟还有%(told)s。") % {"told": told}
    measured = [(_label(one), _measure(one)) for one in (card, *others)]
    if not all(measure for _label_, measure in measured):
        return words + _("每张牌各有各的事由，分别登记、分别计数、分别申诉。")
    listed = "，".join(_("%(label)s管的是%(what)s") % {"label": label, "what": what} for label, what in measured)
    return words + _("它们是不同的时限：%(listed)s；在这一刻同时用完，所以各发一张，分别计数，也可以分别申诉。") % {
        "listed": listed
    }


def in_short(others: Sequence[LimitWarning]) -> str:
    """The same in a line of a list."""
    if not others:
        return ""
    told = "、".join(f"{one.get_level_display()}（{_label(one)}）" for one in others)
    return _("同一分钟还有%(told)s：各管各的时限，各发一张。") % {"told": told}


def links(others: Iterable[LimitWarning]) -> list[dict[str, Any]]:
    """The way to each of them."""
    return [
        {"label": f"{one.get_level_display()}：{_label(one)}", "url": reverse("supervision_card", args=[one.pk])}
        for one in others
    ]


def _label(card: LimitWarning) -> str:
    return CLOCK_LABELS[ClockKind(card.clock_kind)] if card.clock_kind else str(card.get_fault_display())


def _measure(card: LimitWarning) -> str:
    return str(_MEASURES.get(ClockKind(card.clock_kind), "")) if card.clock_kind else ""
