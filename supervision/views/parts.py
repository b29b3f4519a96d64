"""Values ready to print that several supervision pages share; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Application
from applications.selectors.case_rows import case_row
from halls.domain.days import is_within_reach
from halls.domain.errors import DomainError, Invalid, Refused
from halls.domain.worktime import ONE_DAY
from halls.forms import explain
from halls.selectors.work_calendar import Moment
from supervision.domain.card_life import CardState
from supervision.domain.periods import Period, PeriodKind, month_asked
from supervision.domain.urging import why_not_urge
from supervision.figures import Present
from supervision.models import LimitWarning
from supervision.models.card_review import life
from supervision.selectors.cards import effective_of
from supervision.selectors.scope import POST, WATCH, Scope
from supervision.selectors.supervised import Narrowing
from supervision.views.card_siblings import beside, in_short

CARD_LIGHTS: dict[str, str] = {"warning": "", "yellow": "yellow", "red": "red"}


def address(name: str, **query: str) -> str:
    """Return the address of a page with this query; empty values are left out."""
    kept = {key: value for key, value in query.items() if value}
    return f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name)


def watched_rows(cases: Iterable[Application], moment: Moment) -> list[dict[str, Any]]:
    """Rows for components/case_table.html from `drill.with_columns`: each date with the clock behind it."""
    return [_watched_row(case, moment) for case in cases]


def _watched_row(case: Any, moment: Moment) -> dict[str, Any]:
    row = case_row(case, moment)
    is_running = case.late_at is not None
    if is_running and case.urgent_kind:
        row["light_words"] += f" · {CLOCK_LABELS[ClockKind(case.urgent_kind)]}"
    due = case.late_at or case.due_at
    clock = case.urgent_clock if is_running else case.promised_clock
    return row | {
        "due": due and timezone.localtime(due),
        "due_provisional": case.late_is_provisional if case.late_at else bool(case.promise_is_provisional),
        "due_url": reverse("clock_statement", args=[case.number, clock]) if clock else "",
        "acts": _acts(case),
    }


def _acts(case: Any) -> list[dict[str, str]]:
    """What a supervisor may do about the case of a line; what waits for nobody at work is not urged."""
    order = {"label": _("督办"), "url": f"{reverse('order_new')}?case={case.number}"}
    if why_not_urge(case.status):
        return [order]
    return [{"label": _("催办"), "url": reverse("case_urge", args=[case.number])}, order]


_FALLEN = (CardState.PENDING, CardState.REVOKED, CardState.CANCELLED)


def card_rows(cards: Iterable[LimitWarning], organs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the list of warnings and cards; `organs` has the names of those they are counted against."""
    cards = list(cards)
    return [
        {
            "level": card.get_level_display(),
            "light": CARD_LIGHTS[card.level],
            "clock": CLOCK_LABELS[ClockKind(card.clock_kind)] if card.clock_kind else card.get_fault_display(),
            "step_seq": card.step_seq,
            "serial": card.number,
            "number": card.application.display_number,
            "url": reverse("case", args=[card.application.number]),
            "statement_url": reverse("clock_statement", args=[card.application.number, card.clock_id])
            if card.clock_id
            else "",
            "matter": card.application.matter.name,
            "organ": organs.get(card.seat_path, ""),
            "village": card.application.hall.short_name,
            "effective_at": timezone.localtime(effective_of(card) or card.effective_at),
            "recorded_at": timezone.localtime(card.recorded_at),
            "is_late": card.is_late,
            "beside": in_short(beside(card, cards)),
            "card_id": card.pk,
            "card_url": reverse("supervision_card", args=[card.pk]),
            "order_url": "" if life(card).state in _FALLEN else f"{reverse('order_new')}?card={card.pk}",
            **review_of(card),
        }
        for card in cards
    ]


def review_of(card: LimitWarning) -> dict[str, Any]:
    """What became of the card, from its prefetched reviews."""
    state = life(card)
    return {
        "is_revoked": state.state is CardState.REVOKED,
        "is_cancelled": state.state is CardState.CANCELLED,
        "is_pending": state.state is CardState.PENDING,
        "is_appealed": state.open_appeal is not None,
        "is_proposed": state.open_proposal is not None,
        "is_ordered": state.is_ordered,
    }


def chips(page: str, query: Mapping[str, str], narrowed: Iterable[Narrowing]) -> list[dict[str, str]]:
    """What a list is narrowed to, each with the address without it."""
    return [
        {
            "label": narrowing.name,
            "remove_url": address(page, **{key: value for key, value in query.items() if key != narrowing.key}),
        }
        for narrowing in narrowed
    ]


def asked_present(query: dict[str, str], now: datetime) -> Present:
    """Return the present for the month that an address asks for.

    `query` keeps it only where it is not this one, so that every address made from it keeps the month. Raises Invalid.
    """
    month = month_asked(query.pop("month", ""), now)
    present = Present.at(now, month.first if month else None)
    if present.is_earlier:
        query["month"] = present.month_text
    return present


def month_ways(page: str, query: Mapping[str, str], present: Present) -> dict[str, Any]:
    """What components/month.html asks: the month before, the one behind, this one, and the field between them."""
    before, behind = present.month - ONE_DAY, present.next_month
    kept = {key: value for key, value in query.items() if key != "month"}
    return {
        "action": reverse(page),
        "keep": [{"name": name, "value": value} for name, value in kept.items()],
        "value": present.month_text,
        "name": present.month_name,
        "is_earlier": present.is_earlier,
        "before_url": address(page, **kept, month=f"{before:%Y-%m}"),
        "behind_url": address(page, **kept, month=f"{behind:%Y-%m}") if behind <= present.now else "",
        "this_url": address(page, **kept) if present.is_earlier else "",
    }


def asked_day(text: str) -> date | None:
    """Return the day an address asks for, None for none. Raises Invalid for what is no day."""
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not is_within_reach(found):
        raise Invalid("unknown_day", _("没有这一天。"), field="day", cure=_("日期写成 2026-03-05 的样子。"))
    return found


def scope_name(scope: Scope) -> str:
    """What a scope is called for its actor: 全县, 高桥镇, 本厅, 本人经手."""
    if scope.key == WATCH:
        return _("监察范围")
    return _("本岗位：%(place)s") % {"place": scope.actor.hall_name} if scope.key == POST else _("本人经手")


def scope_words(scope: Scope, day: date | None = None) -> str:
    """Scope, narrowings and day in one line, for files and headings."""
    parts = [scope_name(scope), *(narrowing.name for narrowing in scope.narrowed)]
    return "、".join([*parts, f"{day:%Y-%m-%d}"] if day else parts)


def scope_chips(page: str, query: Mapping[str, str], scope: Scope, day: date | None) -> list[dict[str, str]]:
    """The scope, where it is not what one watches, the month and the day, each with the address without it."""
    found = []
    if scope.key != WATCH and scope.actor.supervises:
        found.append((scope_name(scope), "scope"))
    if query.get("month"):
        found.append((Period(PeriodKind.MONTH, date.fromisoformat(f"{query['month']}-01")).label, "month"))
    if day is not None:
        found.append((f"{day.year}年{day.month}月{day.day}日", "day"))
    return [
        {"label": label, "remove_url": address(page, **{key: value for key, value in query.items() if key != gone})}
        for label, gone in found
    ]


def shown_words(total: int | None, rows: int, bound: int) -> str:
    """How many rows there are, as far as the page knows."""
    if total is None:
        return _("这一页 %(rows)d 条") % {"rows": rows}
    if total > bound:
        return _("多于 %(bound)d 条，这一页 %(rows)d 条") % {"bound": bound, "rows": rows}
    return _("共 %(total)d 条") % {"total": total}


def told(form: forms.BaseForm, refusal: DomainError) -> int:
    """The status of a form that comes back as it was filled in, once it says why it was refused."""
    explain(form, refusal)
    return 409 if isinstance(refusal, Refused) else 422
