"""红黄牌规则: the sets in force, those to choose from, a proposal and its second signature."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions.propose_rules import confirm_rules, drop_rules
from applications.models import RuleSet
from applications.selectors.rule_presets import preset, presets
from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.persons import is_same_person
from halls.domain.worktime import ONE_DAY, day_of
from halls.forms import explain
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from supervision.actions.ask_second import ask_second
from supervision.forms.rules import ProposeForm
from supervision.selectors.rule_sets import require_reader, rule_set, sentences, shelves


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What governs today in each scope, what comes, what waits for a second person, what one can choose."""
    actor = _reader(request)
    found = shelves(day_of(read_moment().at))
    context = {
        "page_title": _("红黄牌规则"),
        "page_lead": _("时限按起算那天的规则发预警和红黄牌，事项的规则优先于部门，部门的优先于全县。"),
        "breadcrumbs": _crumbs(actor, _("红黄牌规则")),
        "in_force": found.in_force,
        "to_come": found.to_come,
        "waiting": found.waiting,
        "presets": [
            {"sheet": sheet, "url": reverse("supervision_rule_preset", args=[code])}
            for code, sheet in presets().items()
        ],
        "may_try": bool(actor.supervises),
    }
    return render(request, "supervision/rules/rules.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def rule_preset(request: HttpRequest, code: str) -> HttpResponse:
    """A published set in plain words; whoever signs for the county may propose it."""
    actor = _reader(request)
    if code not in presets():
        raise NotFound("没有这套规则。")
    sheet = preset(code)
    first = day_of(read_moment().at) + ONE_DAY
    form = ProposeForm(request.POST or None, initial={"effective_on": first.isoformat()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = ask_second(partial(form.propose, sheet, actor), actor=actor)
            except (Invalid, Refused) as refusal:
                explain(form, refusal)
                status = 422 if isinstance(refusal, Invalid) else 409
            else:
                messages.success(request, _("已提出，等待另一人确认。"))
                return redirect("supervision_rule_set", pk=made.pk)
    context = {
        "page_title": sheet.name,
        "page_lead": sheet.source,
        "breadcrumbs": _crumbs(actor, sheet.name, is_below=True),
        "sheet": sheet,
        "groups": sentences(sheet.entries),
        "form": form,
        "may_propose": may_sign(actor),
        "may_try": bool(actor.supervises),
    }
    return render(request, "supervision/rules/preset.html", context, status=status)


@login_required
@require_safe
def rule_set_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One set with its rules, its signatures, and what the reader can do about it."""
    actor = _reader(request)
    found = rule_set(pk)
    status, kind = _status(found)
    context = {
        "page_title": found.name,
        "page_lead": found.source,
        "status": status,
        "status_kind": kind,
        "breadcrumbs": _crumbs(actor, found.name, is_below=True),
        "rule_set": found,
        "facts": _facts(found),
        "groups": sentences(found.sheet().entries),
        "may_confirm": found.is_waiting
        and may_sign(actor)
        and not is_same_person(actor.person_code, found.proposed_person),
        "may_drop": found.is_waiting and may_sign(actor),
        "back_url": reverse("supervision_rules"),
        "confirm_words": [
            _("%(scope)s，%(day)s 起新起算的时限按这套规则发牌；正在计时的不变。")
            % {"scope": found.scope_name, "day": f"{found.effective_on:%Y-%m-%d}"},
            _("起用以后不能改写，只能另提一套接替。"),
        ],
        "drop_words": [_("记录保留，以后可以重新提出。")],
        "hidden": [{"name": "digest", "value": found.digest}],
    }
    return render(request, "supervision/rules/set.html", context)


@login_required
@require_POST
def confirm_rule_set(request: HttpRequest, pk: int) -> HttpResponse:
    confirmed = confirm_rules(pk, actor=acting_user(request.user), digest=request.POST.get("digest", "")[:64])
    messages.success(request, _("已确认，%(day)s 起用。") % {"day": f"{confirmed.effective_on:%Y-%m-%d}"})
    return redirect("supervision_rule_set", pk=pk)


@login_required
@require_POST
def drop_rule_set(request: HttpRequest, pk: int) -> HttpResponse:
    drop_rules(pk, actor=acting_user(request.user))
    messages.success(request, _("已撤下，记录保留。"))
    return redirect("supervision_rules")


def _reader(request: HttpRequest) -> Actor:
    actor = acting_user(request.user)
    require_reader(actor)
    return actor


def _status(found: RuleSet) -> tuple[str, str]:
    if found.is_waiting:
        return _("等待确认"), "waiting"
    if found.dropped_at is not None:
        return _("已撤下"), "ended"
    today = day_of(read_moment().at)
    if found.effective_on > today:
        return _("待起用"), "waiting"
    if found.ended_on is not None and found.ended_on < today:
        return _("已过期"), "ended"
    return _("已生效"), "good"


def _facts(found: RuleSet) -> list[dict[str, Any]]:
    """Where and when it holds, who signed and why."""
    facts: list[dict[str, Any]] = [
        {"term": _("适用范围"), "text": found.scope_name},
        {"term": _("起用日期"), "text": f"{found.effective_on:%Y-%m-%d}"},
        {"term": _("最后一天"), "text": f"{found.ended_on:%Y-%m-%d}" if found.ended_on else _("长期")},
        {"term": _("理由"), "text": found.reason, "wide": True},
        {"term": _("提出"), "text": _signature(found.proposed_by, found.proposed_at) or _("随系统安装")},
        {"term": _("确认"), "text": _signature(found.confirmed_by, found.confirmed_at)},
    ]
    if found.dropped_at is not None:
        facts.append({"term": _("撤下"), "text": _signature(found.dropped_by, found.dropped_at)})
    return facts


def _signature(person: Any, at: Any) -> str:
    return f"{person.full_name} {timezone.localtime(at):%Y-%m-%d %H:%M}" if person is not None else ""


def _crumbs(actor: Actor, label: str, *, is_below: bool = False) -> list[dict[str, str]]:
    """The way here; who administers without supervising has no supervision page to go back to."""
    above = []
    if actor.supervises:
        above.append({"label": _("电子监察"), "url": reverse("supervision")})
    if is_below:
        above.append({"label": _("红黄牌规则"), "url": reverse("supervision_rules")})
    return [*above, {"label": label}]
