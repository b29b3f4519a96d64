"""Drafts: those on their way, those that wait for one's signature, and how a new one begins."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from halls.acting import acting_user
from halls.domain.errors import Invalid
from matters.actions.open_draft import open_draft
from matters.forms.draft import NewMatterForm
from matters.models import GuideDraft
from matters.permissions import approvable, require_editor
from matters.selectors.drafts import bureaus_edited_by, open_drafts
from matters.views.explain import explain
from matters.views.own_hall import own_hall

STATE_KINDS = {"editing": "draft", "checked": "waiting", "approved": "good", "published": "good", "dropped": "ended"}


@login_required
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """Every open draft of the actor's bureaus; first those that wait for the actor."""
    actor = acting_user(request.user)
    require_editor(actor)
    drafts = open_drafts(actor)
    waiting = approvable(actor, drafts)
    context = {
        "page_title": _("指南草稿"),
        "page_lead": _("还没有施行的改动；群众看到的仍是现行指南。"),
        "waiting": [_row(draft) for draft in waiting],
        "own_hall": own_hall(actor),
        "others": [_row(draft) for draft in drafts if draft not in waiting],
        "breadcrumbs": [{"label": _("事项管理"), "url": reverse("matter_catalogue")}, {"label": _("指南草稿")}],
    }
    return render(request, "matters/draft_list.html", context)


def _row(draft: GuideDraft) -> dict[str, Any]:
    return {
        "url": reverse("matter_draft", args=[draft.pk]),
        "code": draft.code,
        "name": draft.name or draft.code,
        "is_new": draft.matter_id is None,
        "department": draft.department.name,
        "state": draft.get_state_display(),
        "kind": STATE_KINDS[draft.state],
        "who": draft.edited_by.full_name,
        "at": draft.edited_at,
        "reason": draft.reason,
        "handed_back": draft.handed_back_reason,
        "effective_on": draft.effective_on,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request: HttpRequest) -> HttpResponse:
    """Begin a new matter: its code and its bureau; everything else is written in the draft."""
    actor = acting_user(request.user)
    require_editor(actor)
    bureaus = [(bureau.code, bureau.name) for bureau in bureaus_edited_by(actor)]
    only = bureaus[0][0] if len(bureaus) == 1 else ""
    form = NewMatterForm(
        request.POST if request.method == "POST" else None, bureaus=bureaus, initial={"department": only}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            draft = open_draft(data["code"].strip(), actor=actor, department_code=data["department"])
        except Invalid as refusal:
            explain(form, refusal)
        else:
            return redirect("matter_draft", draft_id=draft.pk)
    context = {
        "page_title": _("新建事项"),
        "page_lead": _("先定编码和主管部门，再逐项填写；批准以前群众看不到。"),
        "form": form,
        "own_hall": own_hall(actor),
        "back_url": reverse("matter_catalogue"),
        "breadcrumbs": [{"label": _("事项管理"), "url": reverse("matter_catalogue")}, {"label": _("新建事项")}],
    }
    return render(request, "matters/draft_new.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def draft_open(request: HttpRequest, code: str) -> HttpResponse:
    """Open the draft of a matter: a copy of its guide, or the one that is there."""
    draft = open_draft(code, actor=acting_user(request.user))
    return redirect("matter_draft", draft_id=draft.pk)
