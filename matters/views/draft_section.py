"""One section of a draft: filled in, its rows added, taken out and moved; nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound, Stale
from matters.actions.save_draft import save_draft
from matters.domain.content_edit import change_rows, read_section
from matters.domain.draft_reader import read_draft
from matters.domain.elements import BY_CODE, SECTIONS, Section
from matters.domain.record_reader import RecordFault
from matters.models import GuideDraft
from matters.permissions import require_editor
from matters.selectors.drafts import bureaus_edited_by, draft_to_edit
from matters.views.draft_fields import Page, faults_of, section_shown
from matters.views.parameters import parameter

SAVE, KEEP = "save", "keep"


def draft_or_404(draft_id: int, actor: Actor) -> GuideDraft:
    """Raises NotPermitted (no editor), NotFound (not the actor's)."""
    require_editor(actor)
    draft = draft_to_edit(draft_id, actor)
    if draft is None:
        raise NotFound(_("没有这份草稿，或者它不在您的管理范围内。"))
    return draft


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_section(request: HttpRequest, draft_id: int, code: str) -> HttpResponse:
    """The form. A fault of this section sends it back with everything typed; 有错也先存着 keeps it all the same."""
    actor = acting_user(request.user)
    draft, section = draft_or_404(draft_id, actor), BY_CODE.get(code)
    if section is None:
        raise NotFound(_("草稿没有这一部分。"))
    if not draft.is_open:
        return redirect("matter_draft", draft_id=draft.pk)
    organs = [bureau.organ for bureau in bureaus_edited_by(actor)]
    if request.method == "POST":
        return _save(request, draft, section, organs, actor)
    page = Page(draft.content, {"department_full": _pairs(organs)}, parameter(request, "at"), parameter(request, "did"))
    faults = _faults(draft.content, organs, section) if parameter(request, "show") else []
    return _shown(request, draft, section, page, faults)


def _save(
    request: HttpRequest, draft: GuideDraft, section: Section, organs: Sequence[str], actor: Actor
) -> HttpResponse:
    act = request.POST.get("act") or SAVE
    content, at = read_section(section, request.POST, draft.content), ""
    if act not in (SAVE, KEEP):
        content, at = change_rows(content, act[:80])
    page = Page(content, {"department_full": _pairs(organs)}, at, act.partition(":")[0])
    faults = _faults(content, organs, section)
    if act == SAVE and faults:
        return _shown(request, draft, section, page, faults, status=422)
    try:
        save_draft(draft.pk, content, actor=actor, version=_version(request))
    except Invalid as refusal:
        here = [RecordFault(draft.code, one.field, one.message, one.cure) for one in refusal.problems]
        return _shown(request, draft, section, page, here, status=422)
    except Stale as refusal:
        messages.error(request, _stale(draft, refusal))
        return _shown(request, draft, section, page, faults, status=409)
    gone = signatures_gone(draft)
    if at:
        if gone:
            messages.warning(request, gone)
        # Without a fragment: it would keep the browser from giving the focus to the control that was pressed.
        return redirect(f"{request.path}?{urlencode({'at': at, 'did': page.did})}")
    said = _("已存下，还有 %(n)d 处要改。") % {"n": len(faults)} if faults else _("已保存。")
    messages.success(request, said + gone)
    return redirect("matter_draft", draft_id=draft.pk)


def signatures_gone(before: GuideDraft) -> str:
    """Return what a saving did to the signatures that the draft bore before it; "" where it bore none."""
    if before.state == GuideDraft.State.EDITING:
        return ""
    return _("原来的签字（%(state)s）已作废，要重新核对和批准。") % {"state": before.get_state_display()}


def _stale(draft: GuideDraft, refusal: Stale) -> str:
    who = draft.edited_by.full_name
    return _("%(message)s最近是 %(who)s 改的。您填的都在下面，没有保存；核对后再按保存，这一部分就以您填的为准。") % {
        "message": refusal.message,
        "who": who,
    }


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _faults(content: Mapping[str, Any], organs: Sequence[str], section: Section) -> list[RecordFault]:
    return faults_of(section, read_draft(content, organs)[1])


def _pairs(organs: Sequence[str]) -> list[tuple[str, str]]:
    return [(organ, organ) for organ in organs]


def _shown(
    request: HttpRequest,
    draft: GuideDraft,
    section: Section,
    page: Page,
    faults: Sequence[RecordFault],
    *,
    status: int = 200,
) -> HttpResponse:
    back = reverse("matter_draft", args=[draft.pk])
    context = {
        "page_title": f"{section.title}：{draft.name or draft.code}",
        "page_lead": section.lead,
        "section": section_shown(section, page, faults),
        "draft_version": draft.version,
        "is_signed": draft.state != GuideDraft.State.EDITING,
        "state": draft.get_state_display(),
        "may_keep": status == 422,
        "action": request.path,  # an address with a fragment would hand it on, and with it the focus
        "back_url": back,
        "tabs": [
            {
                "label": one.title,
                "url": reverse("matter_draft_section", args=[draft.pk, one.code]),
                "current": one is section,
            }
            for one in SECTIONS
        ],
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": draft.name or draft.code, "url": back},
            {"label": section.title},
        ],
    }
    return render(request, "matters/draft_section.html", context, status=status)
