"""工作日历: the years and who signed them; paste a notice, see what it moves, propose; confirm as another person."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from halls.acting import Actor, acting_user
from halls.actions.sign import require_signer
from halls.actions.sign_calendar import (
    draft_of_county,
    draft_of_state,
    drop_notice,
    propose_notice,
    state_of_year,
    year_in_force,
)
from halls.domain.county_days import read_county_days
from halls.domain.duties import Duty
from halls.domain.errors import DomainError, Invalid, NotFound, NotPermitted, Refused
from halls.domain.persons import is_same_person
from halls.models import CalendarNotice
from halls.permissions import may_sign
from halls.selectors.calendar_notices import county_days_in
from halls.selectors.work_calendar import read_moment
from supervision.actions.ask_second import ask_second
from supervision.actions.confirm_calendar import confirm_calendar
from supervision.actions.rehearse_whole import rehearse_whole
from supervision.actions.settle_calendar import swap_of
from supervision.banners import watch_of
from supervision.forms.calendar import CountyForm, ReasonForm, StateForm
from supervision.selectors.calendar_report import published_years, report_of, waiting_notices
from supervision.selectors.whole_rehearsal import rehearsal_of
from supervision.views.calendar_parts import days_of, notice_facts, reaches_back, report_context, year_rows

AT_ONCE = 2.0  # seconds in which a small county is rehearsed with the proposal itself
PATIENCE = 5.0  # seconds a press waits; the sweep does the rest
FORMS: dict[str, type[StateForm] | type[CountyForm]] = {"state": StateForm, "county": CountyForm}


def _reader(request: HttpRequest) -> Actor:
    """Whoever supervises or administers anything may read the calendar and its notices."""
    actor = acting_user(request.user)
    if not (actor.supervises or actor.has(Duty.ADMINISTER)):
        raise NotPermitted(
            "no_supervision",
            _("您现在的岗位没有监察或管理职责，不能查看日历的签署记录。"),
            cure=_("如果您应当有这项职责，请联系系统管理员核对岗位和任期。"),
        )
    return actor


@login_required
@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    """The years, their source, version and digest, and who signed them; the proposals that wait."""
    actor = _reader(request)
    context = {
        "page_title": _("工作日历"),
        "page_lead": _("时限只按这里的日子计算。改动由一人提出、另一人确认，确认前先演算会动到哪些办件。"),
        "breadcrumbs": _crumbs(actor),
        "years": year_rows(published_years()),
        "waiting": waiting_notices(),
        "missing_years": watch_of(request).missing_years,
        "may_sign": may_sign(actor),
    }
    return render(request, "supervision/calendar.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: HttpRequest, kind: str) -> HttpResponse:
    """Paste or type, rehearse, propose: the rehearsal stands on the page before the button that proposes."""
    actor = acting_user(request.user)
    require_signer(actor)
    form = FORMS[kind](request.POST or None, request.FILES or None)
    reason = ReasonForm(request.POST if request.POST.get("act") == "propose" else None)
    context: dict[str, Any] = {
        "page_title": _("录入国务院办公厅通知") if kind == "state" else _("本县增减"),
        "page_lead": _("先演算：看清会动到哪些办件、哪些灯、哪些牌，再提出；由另一人确认后生效。"),
        "breadcrumbs": _crumbs(actor, _("录入")),
        "kind": kind,
        "form": form,
        "reason_form": reason,
    }
    status = 200
    if request.method == "POST":
        try:
            draft = _draft(kind, form) if form.is_valid() else None
        except (Invalid, Refused) as refusal:
            draft, context["problems"] = None, _problems(refusal)
        if draft is None:
            status = 400
        elif request.POST.get("act") == "propose" and request.POST.get("seen") == draft.sha256 and reason.is_valid():
            why = reason.cleaned_data["reason"]
            notice = ask_second(partial(propose_notice, draft, actor=actor, reason=why), actor=actor)
            rehearse_whole(notice.pk, patience=AT_ONCE)
            return redirect("calendar_notice", pk=notice.pk)
        else:
            status = 400 if reason.errors else 200
            context |= {"draft": draft, "days": days_of(draft, county_days_in(draft))} | _rehearsed(draft, actor)
            if kind == "state" and not draft.text:
                context["kept"] = json.dumps(draft.content, ensure_ascii=False)
            elif kind == "state":
                context["text"] = draft.text
    return render(request, "supervision/calendar_propose.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: what it says, what it does, and the second signature."""
    actor = _reader(request)
    notice = CalendarNotice.objects.select_related("proposed_by", "confirmed_by", "dropped_by").filter(pk=pk).first()
    if notice is None:
        raise NotFound(_("没有找到这份日历通知。"))
    reason = ReasonForm()
    status = 200
    if request.method == "POST":
        require_signer(actor)
        if request.POST.get("act") == "drop":
            drop_notice(notice.pk, actor=actor)
            return redirect("calendar")
        if request.POST.get("act") == "rehearse":
            rehearse_whole(notice.pk, patience=PATIENCE)
            return redirect("calendar_notice", pk=notice.pk)
        reason = ReasonForm(request.POST)
        if reason.is_valid() and request.POST.get("seen") == notice.sha256:
            confirm_calendar(notice.pk, actor=actor, reason=reason.cleaned_data["reason"], patience=PATIENCE)
            return redirect("calendar_notice", pk=notice.pk)
        status = 400
    context = {
        "page_title": _("%(year)d 年日历：%(kind)s") % {"year": notice.year, "kind": notice.get_kind_display()},
        "page_lead": _("签署过的内容不能再改；要改，另提一份。"),
        "breadcrumbs": _crumbs(actor, str(notice.year)),
        "notice": notice,
        "facts": notice_facts(notice),
        "days": days_of(notice, county_days_in(notice)),
        "reason_form": reason,
        "is_own": is_same_person(actor.person_code, notice.proposed_person),
        "may_sign": may_sign(actor),
    }
    if notice.is_waiting:
        context |= _rehearsed(notice, actor)
    return render(request, "supervision/calendar_notice.html", context, status=status)


def _rehearsed(notice: CalendarNotice, actor: Actor) -> dict[str, Any]:
    """The numbers of the whole county as far as they are counted, the lines of the first cases."""
    moment = read_moment()
    whole = rehearsal_of(notice, moment.calendar.version, moment.at) if notice.pk else None
    swap = swap_of(notice, moment)
    report = report_of(swap, actor)
    if whole is not None:
        report.take(whole.figures)
        report.is_cut = False
    return report_context(report, moment) | {
        "reaches_back": reaches_back(swap.passed, report),
        "whole": whole,
        "is_stored": notice.pk is not None,
        "may_confirm": whole is not None and whole.finished_at is not None,
    }


def _draft(kind: str, form: StateForm | CountyForm) -> CalendarNotice:
    """Return the unsaved notice that the form describes. Raises Invalid, Refused."""
    if isinstance(form, StateForm):
        arrangement, text = form.read()
        return draft_of_state(arrangement, text=text)
    values = form.cleaned_data
    base, state = year_in_force(values["year"]), state_of_year(values["year"])
    return draft_of_county(values["year"], read_county_days(values["document_no"], values["days"], base, state))


def _problems(refusal: DomainError) -> list[dict[str, str]]:
    """Every fault as one sentence: where, what, and the cure."""
    told = getattr(refusal, "problems", ())
    if not told:
        return [{"text": f"{refusal.message}{refusal.cure}"}]
    return [{"text": f"{problem.field}：{problem.message}{problem.cure}"} for problem in told]


def _crumbs(actor: Actor, label: str = "") -> list[dict[str, str]]:
    home = [{"label": _("电子监察"), "url": reverse("supervision")}] if actor.supervises else []
    here = {"label": _("工作日历")} | ({"url": reverse("calendar")} if label else {})
    return [*home, here, *([{"label": label}] if label else [])]
