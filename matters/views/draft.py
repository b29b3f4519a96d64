"""One draft: how it stands, what is wrong with it, what it changes, how it was tried out, and its next act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions.approve_draft import approve_draft
from matters.actions.check_draft import check_draft
from matters.actions.drop_draft import drop_draft
from matters.actions.request_tryout import request_tryout
from matters.actions.save_draft import save_draft
from matters.forms.draft import ApproveForm, DropForm, VersionedForm, WhyForm
from matters.models import GuideDraft
from matters.selectors.drafts import review_of
from matters.selectors.unpublished import guide_as_drafted
from matters.views.draft_parts import draft_context
from matters.views.draft_section import draft_or_404, signatures_gone
from matters.views.explain import explain
from matters.views.guides import flow_in_words, where_to_go

FORMS: dict[str, type[forms.Form]] = {
    "why": WhyForm,
    "check": VersionedForm,
    "approve": ApproveForm,
    "drop": DropForm,
    "tryout": VersionedForm,
}


@login_required
@require_safe
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor = acting_user(request.user)
    return _shown(request, draft_or_404(draft_id, actor), actor)


@login_required
@require_POST
def draft_act(request: HttpRequest, draft_id: int, act: str) -> HttpResponse:
    """Do one act. What keeps it from being done is said on the draft's page, with what was typed."""
    actor = acting_user(request.user)
    found = draft_or_404(draft_id, actor)
    form = FORMS[act](request.POST, prefix=act)
    if not form.is_valid():
        return _shown(request, found, actor, act, form, status=422)
    try:
        done = _do(act, found, form.cleaned_data, actor)
    except Invalid as refusal:
        explain(form, refusal)
        return _shown(request, found, actor, act, form, status=422)
    except Refused as refusal:
        form.add_error(None, f"{refusal.message}{refusal.cure}")
        return _shown(request, draft_or_404(draft_id, actor), actor, act, form, status=409)
    messages.success(request, done)
    return redirect("matter_draft", draft_id=draft_id)


def _do(act: str, found: GuideDraft, data: dict[str, Any], actor: Actor) -> str:
    """Return what was done, in words."""
    version = data["version"]
    if act == "why":
        reason, day = data["reason"], data["ordered_on"]
        save_draft(found.pk, found.content, actor=actor, version=version, reason=reason, ordered_on=day)
        return _("已写下调整理由。") + signatures_gone(found)
    if act == "check":
        check_draft(found.pk, actor=actor, version=version)
        return _("已核对，等另一位事项管理员批准。")
    if act == "drop":
        drop_draft(found.pk, actor=actor, version=version, reason=data["reason"])
        return _("已放弃，现行指南不变。")
    if act == "tryout":
        return _try_out(found, actor)
    done = approve_draft(found.pk, actor=actor, version=version, effective_on=data["effective_on"])
    if done.state == GuideDraft.State.PUBLISHED:
        return _("已批准并发布，群众看到的就是新指南；办理中的件按收件时的指南办完。")
    return _("已批准，到施行日期自动发布。")


def _try_out(found: GuideDraft, actor: Actor) -> str:
    if review_of(found).faults:
        raise Invalid("guide_faulty", _("指南还读不通，不能试办。"), field="", cure=_("请先改正下面列出的错误。"))
    request_tryout(found.content, actor=actor)
    return _("已提交试办，几秒到几分钟后刷新本页看结果。")


def _shown(
    request: HttpRequest,
    found: GuideDraft,
    actor: Actor,
    act: str = "",
    form: forms.Form | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    initial = {"version": found.version}
    kept = {
        name: form if name == act and form is not None else kind(prefix=name, initial=initial | _said(name, found))
        for name, kind in FORMS.items()
    }
    context = draft_context(found, actor) | {"forms": kept, "form": form}
    return render(request, "matters/draft.html", context, status=status)


def _said(name: str, found: GuideDraft) -> dict[str, Any]:
    return {"reason": found.reason, "ordered_on": found.ordered_on} if name == "why" else {}


@login_required
@require_safe
def draft_preview(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The guide exactly as the villager will see it."""
    found = draft_or_404(draft_id, acting_user(request.user))
    review = review_of(found)
    if review.faults:
        raise Refused("guide_faulty", _("指南还读不通，不能预览。"), cure=_("请先在草稿页改正列出的错误。"))
    at = read_moment().at
    guide = guide_as_drafted(found, review.record, at=at, effective_on=found.effective_on or day_of(at))
    context = {
        "guide": guide,
        "flow": flow_in_words(guide),
        "where": where_to_go(request, guide),
        "page_title": _("预览：%(name)s") % {"name": guide.name},
        "draft": found,
    }
    return render(request, "matters/draft_preview.html", context)
