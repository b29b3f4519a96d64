"""Taking in a case for a villager: pick the matter, then one question per page, check the answers, send.

Every page is a form that works without script; what was typed is kept on the server page by page.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.actions.attach import attach
from applications.actions.draft import draft
from applications.actions.fill import declare_materials, fill_applicant, fill_form
from applications.actions.submit import submit
from applications.domain.identity import IdKind
from applications.domain.lifecycle import Status
from applications.forms.intake import ApplicantForm, CheckForm, DetailsForm, MaterialsForm
from applications.models import Application
from applications.selectors import intake as read
from applications.selectors.promises import expected_promise
from applications.views import intake_pages as pages
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted
from halls.domain.worktime import day_of
from halls.models import Hall
from halls.selectors.work_calendar import Moment, read_moment
from matters.selectors.timeout import is_renewal_guide

View = Callable[[HttpRequest, Actor, Application], HttpResponse]


def draft_page(view: View) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    """A page of one draft. Once it was sent there is nothing to fill in: its receipt is shown."""

    @login_required
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def page(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        actor = acting_user(request.user)
        case = read.case_by_key(actor, key)
        if request.method == "GET" and case.status != Status.DRAFT:
            return redirect("receipt", case.number)
        return view(request, actor, case)

    return page


def _filing_actor(request: HttpRequest) -> Actor:
    actor = acting_user(request.user)
    if not actor.has(Duty.FILE):
        raise NotPermitted("no_duty_here", "您的岗位不代办收件。", cure="请由村代办员或综合窗口受理员新办。")
    return actor


def _chosen_hall(request: HttpRequest, actor: Actor) -> tuple[Hall, list[Hall]]:
    halls = read.filing_halls(actor)
    if not halls:
        raise NotPermitted(
            "no_hall", "您任职的部门或大厅不收件。", cure="请由村代办员或大厅综合窗口新办；岗位有误请联系系统管理员。"
        )
    wanted = request.POST.get("hall") or request.GET.get("hall")
    return next((hall for hall in halls if hall.code == wanted), halls[0]), halls


# --- the matter ------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What was begun and not sent, and the matter of a new case."""
    actor = _filing_actor(request)
    hall, halls = _chosen_hall(request, actor)
    if request.method == "POST":
        code = request.POST.get("matter", "")[:64]
        case = read.untouched_draft(actor, code, hall.code) or draft(actor=actor, matter_code=code, hall_code=hall.code)
        return redirect("intake_applicant", case.key)
    moment = read_moment()
    context = {
        "page_title": _("新办一件"),
        "hall": hall,
        "halls": halls if len(halls) > 1 else [],
        "drafts": [pages.draft_row(case, moment.at) for case in read.drafts_of(actor)[: pages.MOST_DRAFTS]],
        "replaces": "instead" in request.GET,
        **_matters(request, hall, moment),
    }
    return render(request, "applications/intake/start.html", context)


@login_required
@require_GET
def matters(request: HttpRequest) -> HttpResponse:
    """The list under the search box, while one types."""
    hall, _halls = _chosen_hall(request, _filing_actor(request))
    return render(request, "applications/intake/_matters.html", _matters(request, hall, read_moment()))


def _matters(request: HttpRequest, hall: Hall, moment: Moment) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()[:60]
    if not words:
        return {"words": "", "choices": read.common_matters(hall, moment)}
    choices, has_more = read.matching_matters(words, hall, moment)
    return {"words": words, "choices": choices, "has_more": has_more}


# --- the pages of a draft --------------------------------------------------------------------------------------------


@draft_page
def tasks(request: HttpRequest, actor: Actor, case: Application) -> HttpResponse:
    """The parts of the case and how far each has come."""
    tally = read.Tally(read.checklist(case))
    context = pages.frame(case, "") | {
        "page_title": case.guide.name,
        "tasks": pages.task_rows(case, tally),
        "next_url": pages.next_url(case, tally),
        "twins": read.twins_of(case, actor),
    }
    return render(request, "applications/intake/tasks.html", context)


@draft_page
def applicant(request: HttpRequest, actor: Actor, case: Application) -> HttpResponse:
    """Who the case is for."""
    kind = _kind(request, case)
    form = ApplicantForm(request.POST or None, case=case, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            fill_applicant(case.pk, form.particulars(), actor=actor, version=form.cleaned_data["version"])
        except Invalid as refusal:
            form.take(refusal)
        else:
            return _onward(request, case, "intake_details")
    context = pages.frame(case, "intake_applicant") | {
        "page_title": _("给谁办？"),
        "form": form,
        "kinds": [
            {"label": label, "url": f"?kind={one.value}", "current": one is kind, "count": ""}
            for one, label in pages.ID_KINDS.items()
        ],
        "twins": read.twins_of(case, actor),
    }
    return _form_page(request, "applications/intake/applicant.html", context, form)


def _kind(request: HttpRequest, case: Application) -> IdKind:
    known = case.applicant.id_kind if case.applicant else IdKind.RESIDENT.value
    wanted = request.POST.get("id_kind") or request.GET.get("kind") or known
    return IdKind(wanted) if wanted in set(IdKind) else IdKind.RESIDENT


@draft_page
def details(request: HttpRequest, actor: Actor, case: Application) -> HttpResponse:
    """The few further answers; all of them optional but the end of a permit that is to be renewed."""
    form = DetailsForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            fill_form(
                case.pk,
                form.answers(),
                actor=actor,
                permit_expires_on=form.permit_end(),
                version=form.cleaned_data["version"],
            )
        except Invalid as refusal:
            form.take(refusal)
        else:
            return _onward(request, case, "intake_materials")
    context = pages.frame(case, "intake_details") | {
        "page_title": _("还要说明什么？"),
        "form": form,
        "is_renewal": is_renewal_guide(case.guide),
    }
    return _form_page(request, "applications/intake/details.html", context, form)


@draft_page
def materials(request: HttpRequest, actor: Actor, case: Application) -> HttpResponse:
    """The checklist. Good files are kept even when another of the same post is refused."""
    lines = read.checklist(case)
    form = MaterialsForm(request.POST or None, request.FILES or None, case=case, lines=lines)
    errors: dict[int, list[str]] = {}
    if request.method == "POST" and form.is_valid():
        declare_materials(case.pk, form.declared(), actor=actor, version=form.cleaned_data["version"])
        errors = _keep_files(form, actor, case)
        if not errors:
            return _onward(request, case, "intake_check")
        # What was good is kept: the page goes on from there.
        case = read.case_by_key(actor, case.key)
        lines = read.checklist(case)
        form = MaterialsForm(case=case, lines=lines)
    context = pages.frame(case, "intake_materials") | {
        "page_title": _("带了哪些材料？"),
        "form": form,
        "rows": [pages.material_row(line, errors.get(line.seq, [])) for line in lines],
        "errors": pages.material_errors(lines, errors),
        "here": request.path,
    }
    return render(request, "applications/intake/materials.html", context, status=422 if errors or form.errors else 200)


def _keep_files(form: MaterialsForm, actor: Actor, case: Application) -> dict[int, list[str]]:
    errors: dict[int, list[str]] = {}
    for upload in form.uploads():
        name = upload.file.name or ""
        try:
            attach(case.pk, upload.seq, data=upload.read(), name=name, actor=actor)
        except Invalid as refusal:
            told = f"「{pages.short_name(name)}」没有收下：{refusal.message}{refusal.cure}"
            errors.setdefault(upload.seq, []).append(told)
    return errors


@draft_page
def check(request: HttpRequest, actor: Actor, case: Application) -> HttpResponse:
    """The answers to be read to the applicant, and the sending. Sent twice it answers with the same receipt."""
    tally = read.Tally(read.checklist(case)) if case.status == Status.DRAFT else read.Tally(())
    form = CheckForm(request.POST or None, case=case, unanswered=tally.unanswered)
    if request.method == "POST" and form.is_valid():
        try:
            sent = submit(case.pk, actor=actor, applicant_checked=True, version=form.cleaned_data["version"])
        except Invalid as refusal:
            form.take(refusal)
        else:
            return redirect("receipt", sent.number)
    acceptor = read.acceptor_of(case)
    promise = expected_promise(acceptor.path, case.guide, day_of(read_moment().at))
    context = pages.frame(case, "intake_check") | {
        "page_title": _("核对后提交"),
        "form": form,
        "sections": pages.answers(case, tally),
        "lacking": read.names(tally.lacking),
        "acceptor": acceptor,
        "twins": read.twins_of(case, actor),
        "promise": pages.promise_words(case.guide, promise),
    }
    return _form_page(request, "applications/intake/check.html", context, form)


@login_required
@require_POST
def leave(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """结束代办: leave the person; the draft stays and is listed."""
    case = read.case_by_key(acting_user(request.user), key)
    if case.status == Status.DRAFT:
        who = case.applicant.masked_name if case.applicant else _("申请人")
        messages.info(request, _("已结束为 %(who)s 代办。没有提交的内容留在下面的草稿里。") % {"who": who})
    return redirect("intake")


def _onward(request: HttpRequest, case: Application, following: str) -> HttpResponse:
    """To the next question, or back to the task list."""
    return redirect("intake_tasks" if request.POST.get("then") == "list" else following, case.key)


def _form_page(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, context, status=422 if form.errors else 200)
