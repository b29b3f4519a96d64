"""Blank forms and filled samples of a draft's materials: brought, looked at, and what was before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from halls.acting import acting_user
from halls.domain.errors import Invalid, Refused
from halls.files import MAX_BYTES, refuse_size
from matters.actions.attach_guide_file import attach_guide_file
from matters.forms.draft import GuideFileForm
from matters.models import GuideDraft
from matters.selectors.guide_files import Held, PartFiles, files_of_draft
from matters.views.draft_section import draft_or_404
from matters.views.explain import explain


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_files(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Every material with its two files; one upload at a time, refused ones are explained beside their material."""
    actor = acting_user(request.user)
    draft = draft_or_404(draft_id, actor)
    form = GuideFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _shown(request, draft)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            content = _read(data["file"])
            attach_guide_file(draft.pk, data["seq"], data["part"], content, actor=actor, version=data["version"])
        except Invalid as refusal:
            explain(form, refusal)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message}{refusal.cure}")
            status = 409
        else:
            messages.success(request, _("已收下。指南批准发布后群众就能下载；现在群众看到的不变。"))
            return redirect("matter_draft_files", draft_id=draft.pk)
    return _shown(request, draft_or_404(draft_id, actor), form, status=status)


def _read(file: UploadedFile[Any]) -> bytes:
    """Return the bytes; a file that is too large is refused unread. Raises Invalid."""
    if (file.size or 0) > MAX_BYTES:
        raise refuse_size(file.size or 0)
    return bytes(file.read())


def _shown(
    request: HttpRequest, draft: GuideDraft, form: GuideFileForm | None = None, *, status: int = 200
) -> HttpResponse:
    sent = (form.data.get("seq"), form.data.get("part")) if form is not None else None
    back = reverse("matter_draft", args=[draft.pk])
    context = {
        "page_title": _("空表和样表：%(name)s") % {"name": draft.name or draft.code},
        "page_lead": _("每项材料可以放一份空表、一份填好的样表。换新的，旧的留着；指南发布以前群众下载的仍是旧的。"),
        "draft": draft,
        "errors": [] if form is None else [{"text": text, "url": _at(form)} for text in _said(form)],
        "is_new": draft.matter_id is None,
        "may_upload": draft.is_open and draft.matter_id is not None,
        "materials": [
            {
                "seq": one.seq,
                "is_expected": one.has_template,
                "name": one.name or _("（还没有写名称）"),
                "parts": [
                    _part(draft, part, one.seq, form if sent == (str(one.seq), part.part) else None)
                    for part in one.parts
                ],
            }
            for one in files_of_draft(draft)
        ],
        "back_url": back,
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": draft.name or draft.code, "url": back},
            {"label": _("空表和样表")},
        ],
    }
    return render(request, "matters/draft_files.html", context, status=status)


def _said(form: GuideFileForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _at(form: GuideFileForm) -> str:
    """Return the address of the control that was used, "" when the page was not sent from one."""
    seq, part = form.cleaned_data.get("seq"), form.cleaned_data.get("part")
    return f"#file-{seq}-{part}" if seq and part else ""


def _part(draft: GuideDraft, part: PartFiles, seq: int, form: GuideFileForm | None) -> dict[str, Any]:
    return {
        "id": f"file-{seq}-{part.part}",
        "part": part.part,
        "label": part.label,
        "lost": part.lost,
        "current": _file(draft, part.current) if part.current else None,
        "earlier": [_file(draft, one) for one in part.earlier],
        "errors": _said(form) if form is not None else [],
    }


def _file(draft: GuideDraft, held: Held) -> dict[str, Any]:
    words = {
        "published": (_("群众正在下载"), "good"),
        "drafted": (_("随草稿发布"), "draft"),
        "past": (_("以前的"), "ended"),
    }
    text, kind = words[held.standing]
    return {
        "url": reverse("guide_file", args=[draft.code, held.pk]),
        "name": held.name,
        "size": held.size,
        "who": held.who,
        "at": held.at,
        "standing": text,
        "kind": kind,
    }
