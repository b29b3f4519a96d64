"""试算: what another set of rules would have issued, beside today's and beside what was really issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.card_rules import LEVEL_LABELS, Level
from applications.domain.numbers import grouped
from applications.domain.transitions import CLOCK_LABELS
from applications.selectors.rule_presets import preset, presets
from applications.selectors.rules import by_clock
from halls.acting import acting_user
from halls.domain.errors import Invalid
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.forms.rules import PeriodForm
from supervision.selectors.supervised import require_duty, supervised
from supervision.selectors.try_rules import MOST_CLOCKS, PAGE, Differing, Trial, try_rules
from supervision.views.parts import address

USUAL_DAYS: Final = timedelta(days=30)
SECOND_PRESET: Final = "hunan"


@login_required
@require_safe
def rule_trial(request: HttpRequest) -> HttpResponse:
    """Try a preset on the limits of the reader's own scope that began in a period; nothing is written."""
    actor = acting_user(request.user)
    require_duty(actor)
    moment = read_moment()
    today = day_of(moment.at)
    asked = {
        "preset": request.GET.get("preset", SECOND_PRESET),
        "since": request.GET.get("since", (today - USUAL_DAYS).isoformat()),
        "until": request.GET.get("until", today.isoformat()),
    }
    context: dict[str, Any] = {
        "page_title": _("规则试算"),
        "page_lead": _("在%(place)s已有的办件上重放，看这套规则会发多少牌；不改动任何内容。")
        % {"place": actor.hall_name},
        "breadcrumbs": [
            {"label": _("电子监察"), "url": reverse("supervision")},
            {"label": _("红黄牌规则"), "url": reverse("supervision_rules")},
            {"label": _("规则试算")},
        ],
        "filter_action": reverse("supervision_rule_trial"),
        "filter_fields": _fields(asked),
    }
    form = PeriodForm(asked)
    if not form.is_valid():
        problems = [str(message) for messages in form.errors.values() for message in messages]
        return _refuse(request, context, problems)
    given = form.cleaned_data
    try:
        sheet = preset(given["preset"])
        candidate = by_clock(entry.rule for entry in sheet.entries)
        trial = try_rules(supervised(actor), candidate, given["since"], given["until"], moment, bound=MOST_CLOCKS)
    except Invalid as refusal:
        return _refuse(request, context, [f"{refusal.message}{refusal.cure}"])
    return render(request, "supervision/rules/trial.html", context | _found(request, trial, asked, sheet.name))


def _refuse(request: HttpRequest, context: dict[str, Any], problems: list[str]) -> HttpResponse:
    context["errors"] = [{"text": text} for text in problems]
    return render(request, "supervision/rules/trial.html", context, status=422)


def _fields(asked: dict[str, str]) -> list[dict[str, Any]]:
    options = [
        {"value": code, "label": sheet.name, "selected": code == asked["preset"]} for code, sheet in presets().items()
    ]
    return [
        {"name": "preset", "label": _("规则"), "kind": "select", "options": options},
        {"name": "since", "label": _("起算日期从"), "kind": "date", "value": asked["since"]},
        {"name": "until", "label": _("到"), "kind": "date", "value": asked["until"]},
    ]


def _found(request: HttpRequest, trial: Trial, asked: dict[str, str], name: str) -> dict[str, Any]:
    page = _page(request, len(trial.differing))
    shown = trial.differing[(page - 1) * PAGE : page * PAGE]
    is_last = page * PAGE >= len(trial.differing)
    return {
        "trial": trial,
        "rules_name": name,
        "totals": [
            {"level": LEVEL_LABELS[level], "candidate": candidate, "today": today, "issued": issued}
            for level, candidate, today, issued in trial.totals()
        ],
        "rows": [_row(one) for one in shown],
        "shown": _("共 %(n)d 个结果不同") % {"n": len(trial.differing)},
        "next_url": "" if is_last else address("supervision_rule_trial", **asked, page=str(page + 1)),
        "prev_url": address("supervision_rule_trial", **asked, page=str(page - 1)) if page > 1 else "",
    }


def _page(request: HttpRequest, rows: int) -> int:
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= len(str(MOST_CLOCKS)) else 1
    return min(max(page, 1), max(-(-rows // PAGE), 1))


def _row(one: Differing) -> dict[str, Any]:
    return {
        "number": grouped(one.number),
        "url": reverse("case", args=[one.number]),
        "clock": CLOCK_LABELS[one.kind],
        "clock_url": reverse("clock_statement", args=[one.number, one.clock_id]),
        "candidate": _rungs(one.candidate),
        "today": _rungs(one.today),
    }


def _rungs(moments: Mapping[Level, datetime]) -> list[dict[str, Any]]:
    return [{"level": LEVEL_LABELS[level], "at": timezone.localtime(at)} for level, at in moments.items()]
