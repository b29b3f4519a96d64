"""超时默认 for those who watch: what is published and who signed it, what waits, who was late, the brake."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
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

from halls.acting import Actor, acting_user
from halls.actions.sign import require_signer
from halls.domain.errors import Invalid, NotFound
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from matters.actions.publish_policy import confirm_policy, drop_policy, propose_policy
from matters.domain.timeout import Policy, touched
from matters.models import Matter, TimeoutPolicy
from matters.selectors.timeout import GROUND_LABELS, affair_of, in_force, in_plain_words, limit_words, policies_of
from supervision.actions.ask_second import ask_second
from supervision.forms.timeout import PolicyForm
from supervision.selectors.supervised import require_duty
from supervision.selectors.timeout import policy_page
from supervision.views.parts import address


def require_reader(actor: Actor) -> None:
    """Raises NotPermitted for somebody who neither watches nor signs what governs the county."""
    if not may_sign(actor):
        require_duty(actor)


def frame(actor: Actor, title: str, lead: str, current: str, *, leaf: bool = False) -> dict[str, Any]:
    """Title, tabs and crumbs that the pages of timeout defaults share; nothing leads where the actor may not go."""
    watches = bool(actor.supervises)
    reads = watches or may_sign(actor)
    tabs = (
        ("defaults", _("公布的默认"), reads),
        ("defaults_releases", _("待放行"), True),
        ("defaults_accountability", _("责任追究"), watches),
        ("defaults_brake", _("刹车"), reads),
    )
    crumbs = [{"label": _("电子监察"), "url": reverse("supervision")}] if watches else []
    if leaf and reads:
        crumbs.append({"label": _("超时默认"), "url": reverse("defaults")})
    return {
        "page_title": title,
        "page_lead": lead,
        "breadcrumbs": [*crumbs, {"label": title}],
        "tabs": [
            {"label": label, "url": reverse(name), "current": name == current} for name, label, may in tabs if may
        ],
    }


@login_required
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Everything proposed and published, the newest first. What is not here has no default."""
    actor = acting_user(request.user)
    require_reader(actor)
    words = request.GET.get("q", "").replace("\0", "").strip()[:64]
    rows, next_cursor = policy_page(words, request.GET.get("after", ""))
    today = day_of(read_moment().at)
    holding = _holding({row.matter_id for row in rows}, today)
    lead = _("没有公布的事项没有默认。窗口逾期视为受理是法律规定（行政许可法第三十二条），一律适用，不在此列。")
    context = frame(actor, _("超时默认"), lead, "defaults") | {
        "rows": [_row(row, today, holding) for row in rows],
        "filter_fields": [{"name": "q", "label": _("事项编码或名称"), "kind": "search", "value": words}],
        "clear_url": reverse("defaults") if words else "",
        "next_url": address("defaults", q=words, after=next_cursor) if next_cursor else "",
        "first_url": address("defaults", q=words) if request.GET.get("after") else "",
        "propose_url": reverse("defaults_propose") if may_sign(actor) else "",
    }
    return render(request, "supervision/defaults/policies.html", context)


def _holding(matter_ids: Collection[int], today: date) -> set[int]:
    return {row.pk for rows in policies_of(matter_ids).values() for row in in_force(rows, today)}


def _row(row: TimeoutPolicy, today: date, holding: Collection[int]) -> dict[str, Any]:
    status, kind = _status(row, today, holding)
    return {
        "url": reverse("defaults_policy", args=[row.pk]),
        "code": row.matter.code,
        "matter": row.matter.name,
        "limit": limit_words(row),
        "policy": row.get_policy_display(),
        "citation": row.citation,
        "effective_on": row.effective_on,
        "ended_on": row.ended_on,
        "proposed": row.proposed_by.full_name if row.proposed_by else _("随系统安装"),
        "confirmed": row.confirmed_by.full_name if row.confirmed_by else "",
        "status": status,
        "status_kind": kind,
    }


def _status(row: TimeoutPolicy, today: date, holding: Collection[int]) -> tuple[str, str]:
    if row.is_waiting:
        return _("待另一人确认"), "waiting"
    if not row.is_in_force:
        return _("已撤下"), "ended"
    if row.effective_on > today:
        return _("已公布，未到施行日期"), "paused"
    if row.pk in holding:
        return _("施行中"), "good"
    return (_("已停止适用"), "ended") if row.policy == Policy.NONE else (_("已不适用"), "ended")


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """First the matter, then the one limit and what follows to it: the first of two signatures."""
    actor = acting_user(request.user)
    require_signer(actor)
    code = request.GET.get("matter", "").replace("\0", "").strip()[:64]
    matter = Matter.objects.select_related("current").filter(code__iexact=code, current__isnull=False).first()
    lead = _("提出后由另一位县管理员或县监察员确认才施行。")
    context = frame(actor, _("提出一项超时默认"), lead, "defaults", leaf=True) | {"code": code, "matter": matter}
    if matter is None or matter.current is None:
        if code:
            text = _("没有编码为 %(code)s 的事项，请照事项目录里的编码填写。") % {"code": code}
            context["errors"] = [{"text": text, "url": "#matter"}]
        return render(request, "supervision/defaults/choose.html", context, status=422 if code else 200)
    form = PolicyForm(request.POST or None, guide=matter.current)
    if request.method == "POST" and form.is_valid():
        try:
            why = form.cleaned_data["reason"]
            first = partial(propose_policy, form.proposal(matter.code), actor=actor, reason=why)
            row = ask_second(first, actor=actor)
        except Invalid as refusal:
            for problem in refusal.problems:
                form.explain(problem.field, f"{problem.message}{problem.cure}")
        else:
            messages.success(request, _("已提出，等另一人确认。"))
            return redirect("defaults_policy", policy_id=row.pk)
    affair = affair_of(matter.current)
    context |= {"form": form, "grounds": [GROUND_LABELS[ground] for ground in touched(affair)]}
    status = 422 if request.method == "POST" else 200
    return render(request, "supervision/defaults/propose.html", context, status=status)


@login_required
@require_safe
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """One policy with its words for villagers, its basis and its signatures; another person may confirm it here."""
    actor = acting_user(request.user)
    require_reader(actor)
    rows = TimeoutPolicy.objects.select_related("matter__current", "proposed_by", "confirmed_by", "dropped_by")
    row = rows.filter(pk=policy_id).first()
    if row is None:
        raise NotFound(_("没有这项超时默认。"))
    today = day_of(read_moment().at)
    shown = _row(row, today, _holding({row.matter_id}, today))
    is_own = is_same_person(actor.person_code, row.proposed_person)
    context = frame(
        actor, _("%(matter)s：%(limit)s") % {"matter": row.matter.name, "limit": limit_words(row)}, "", "", leaf=True
    )
    context |= {
        "row": shown,
        "facts": _facts(row, shown),
        "may_sign": may_sign(actor) and row.is_waiting,
        "is_own": is_own,
        "confirm_url": reverse("defaults_confirm", args=[row.pk]),
        "drop_url": reverse("defaults_drop", args=[row.pk]),
    }
    return render(request, "supervision/defaults/policy.html", context)


def _facts(row: TimeoutPolicy, shown: dict[str, Any]) -> list[dict[str, Any]]:
    until = f"{row.effective_on:%Y-%m-%d} — {row.ended_on:%Y-%m-%d}" if row.ended_on else f"{row.effective_on:%Y-%m-%d}"
    words = _("不适用超时默认。") if row.policy == Policy.NONE else in_plain_words(row)
    return [
        {
            "term": _("事项"),
            "text": f"{row.matter.code} {row.matter.name}",
            "url": reverse("guide", args=[row.matter.code]),
        },
        {"term": _("后果"), "text": shown["policy"]},
        {"term": _("群众看到的说明"), "text": words, "wide": True},
        {"term": _("依据"), "text": row.citation, "wide": True},
        {"term": _("施行"), "text": until},
        {"term": _("理由"), "text": row.reason, "wide": True},
        {"term": _("提出"), "text": _signed(shown["proposed"], row.proposed_at)},
        {"term": _("确认"), "text": _signed(shown["confirmed"], row.confirmed_at)},
        {"term": _("撤下"), "text": _signed(row.dropped_by.full_name if row.dropped_by else "", row.dropped_at)},
    ]


def _signed(name: str, at: Any) -> str:
    return f"{name} {timezone.localtime(at):%Y-%m-%d %H:%M}" if name and at else ""


@login_required
@require_POST
def confirm(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Put the second signature."""
    confirm_policy(policy_id, actor=acting_user(request.user))
    messages.success(request, _("已确认，从施行日期起对新开始的时限适用。"))
    return redirect("defaults_policy", policy_id=policy_id)


@login_required
@require_POST
def drop(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Take a proposal off the table; it stays on record."""
    drop_policy(policy_id, actor=acting_user(request.user))
    messages.success(request, _("已撤下，记录保留。"))
    return redirect("defaults_policy", policy_id=policy_id)
