"""不参加排名 for everybody who reads rankings: which bodies, since when, by which document, who signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from halls.acting import Actor, acting_user
from halls.actions.sign import require_signer
from halls.domain.errors import Invalid, NotFound
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of
from halls.permissions import may_sign
from halls.selectors.pickers import bodies_to_choose
from halls.selectors.work_calendar import read_moment
from supervision.actions.ask_second import ask_second
from supervision.actions.exclude import confirm_exclusion, drop_exclusion, end_exclusion
from supervision.forms.card import ExclusionForm
from supervision.models import ExclusionRule
from supervision.selectors.bulletins import roots_of
from supervision.selectors.exclusions import all_exclusions, exclusion, exclusions_on
from supervision.selectors.rule_sets import require_reader


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exclusions(request: HttpRequest) -> HttpResponse:
    """Every rule that was ever proposed; whoever signs for the county proposes one."""
    actor = acting_user(request.user)
    require_reader(actor)
    may_propose = may_sign(actor)
    bodies = bodies_to_choose(roots_of(actor)) if may_propose else []
    form = ExclusionForm(request.POST if request.method == "POST" else None, bodies=bodies)
    if request.method == "POST":
        require_signer(actor)
        if form.is_valid():
            try:
                made = ask_second(lambda: form.propose(actor), actor=actor)
            except Invalid as refusal:
                for problem in refusal.problems:
                    field = problem.field if problem.field in form.fields else None
                    form.add_error(field, problem.message + problem.cure)
            else:
                messages.success(request, _("已提出，等待另一人确认。"))
                return redirect("supervision_exclusion", pk=made.pk)
    today = day_of(read_moment().at)
    context = {
        "page_title": _("不参加排名"),
        "page_lead": _("有期限、有文号、两人签署，写在每一张排名下面；不能倒填日期。"),
        "breadcrumbs": _crumbs(actor, _("不参加排名")),
        "in_force": [rule_row(rule, today) for rule in exclusions_on(today)],
        "rows": [rule_row(rule, today) for rule in all_exclusions()],
        "form": form,
        "may_propose": may_propose,
    }
    return render(request, "supervision/exclusions.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exclusion_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule with its signatures; POST confirms, drops or ends it."""
    actor = acting_user(request.user)
    require_reader(actor)
    rule, error = exclusion(pk), ""
    if request.method == "POST":
        try:
            _sign(rule, request, actor)
        except Invalid as refusal:
            error = f"{refusal.message}{refusal.cure}"
        else:
            messages.success(request, _("已登记。"))
            return redirect("supervision_exclusion", pk=rule.pk)
    context = {
        "page_title": _("不参加排名：%(name)s") % {"name": rule.body.name},
        "breadcrumbs": _crumbs(actor, rule.body.name, is_below=True),
        "rule": rule_row(rule, day_of(read_moment().at)),
        "facts": _facts(rule),
        "may_confirm": rule.is_waiting
        and may_sign(actor)
        and not is_same_person(actor.person_code, rule.proposed_person),
        "may_drop": rule.is_waiting and may_sign(actor),
        "may_end": rule.is_in_force and rule.ended_at is None and may_sign(actor),
        "reason": request.POST.get("reason", ""),
        "error": error,
    }
    return render(request, "supervision/exclusion.html", context, status=422 if error else 200)


def _sign(rule: ExclusionRule, request: HttpRequest, actor: Actor) -> None:
    acts: dict[str, Callable[..., ExclusionRule]] = {"confirm": confirm_exclusion, "drop": drop_exclusion}
    act = request.POST.get("act", "")
    if act == "end":
        end_exclusion(rule.pk, actor=actor, reason=request.POST.get("reason", ""))
        return
    if act not in acts:
        raise NotFound(_("没有这个处理。"))
    acts[act](rule.pk, actor=actor)


def rule_row(rule: ExclusionRule, today: date) -> dict[str, Any]:
    """One rule for components/exclusions.html and the list."""
    return {
        "name": rule.body.name,
        "starts_on": rule.starts_on,
        "until": rule.until,
        "document_no": rule.document_no,
        "reason": rule.reason,
        "ended_at": rule.ended_at and timezone.localtime(rule.ended_at),
        "url": reverse("supervision_exclusion", args=[rule.pk]),
        "signers": [one.full_name for one in (rule.proposed_by, rule.confirmed_by) if one is not None],
        "status": _status(rule, today),
    }


def _status(rule: ExclusionRule, today: date) -> str:
    if rule.is_waiting:
        return _("等待另一人确认")
    if rule.dropped_at is not None:
        return _("已撤下")
    if rule.ended_at is not None or (rule.until is not None and rule.until < today):
        return _("已结束")
    return _("待起用") if rule.starts_on > today else _("正在执行")


def _facts(rule: ExclusionRule) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"term": _("单位"), "text": rule.body.name},
        {"term": _("自"), "text": f"{rule.starts_on:%Y-%m-%d}"},
        {"term": _("至"), "text": f"{rule.until:%Y-%m-%d}" if rule.until else _("长期")},
        {"term": _("依据文号"), "text": rule.document_no},
        {"term": _("理由"), "text": rule.reason, "wide": True},
        {"term": _("提出"), "text": _signature(rule.proposed_by, rule.proposed_at)},
        {"term": _("确认"), "text": _signature(rule.confirmed_by, rule.confirmed_at)},
    ]
    if rule.dropped_at is not None:
        facts.append({"term": _("撤下"), "text": _signature(rule.dropped_by, rule.dropped_at)})
    if rule.ended_at is not None:
        words = f"{_signature(rule.ended_by, rule.ended_at)}：{rule.end_reason}"
        facts.append({"term": _("结束"), "text": words, "wide": True})
    return facts


def _signature(person: Any, at: Any) -> str:
    return f"{person.full_name} {timezone.localtime(at):%Y-%m-%d %H:%M}" if person is not None else ""


def _crumbs(actor: Actor, label: str, *, is_below: bool = False) -> list[dict[str, str]]:
    above = [{"label": _("电子监察"), "url": reverse("supervision")}] if actor.supervises else []
    if is_below:
        above.append({"label": _("不参加排名"), "url": reverse("supervision_exclusions")})
    return [*above, {"label": label}]
