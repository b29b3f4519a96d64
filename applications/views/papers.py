"""Printing the papers of a case."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.models import Document
from applications.progress_link import progress_qr
from applications.rating_link import LAST_PAPERS, rating_qr
from applications.selectors.papers import paper_of
from applications.selectors.position import position_of
from applications.selectors.standing import may_hand_out_code, works_on
from applications.views.lookup import case_of
from halls import files
from halls.acting import acting_user
from halls.domain.errors import NotPermitted


@login_required
@require_GET
def case_paper(request: HttpRequest, number: str, paper_id: int) -> HttpResponse:
    """One paper, A4 or (`?slip=1`) on the 80 mm printer."""
    actor = acting_user(request.user)
    application = case_of(actor, number)
    document = application.documents.filter(pk=paper_id).first()
    if document is None:
        raise Http404
    is_last = document.kind in LAST_PAPERS
    draw = rating_qr if is_last else progress_qr
    qr = draw(request, application.number or "") if may_hand_out_code(actor, application) else ""
    at_work = works_on(actor, application, position_of(application))
    paper = paper_of(document, application, qr, is_masked=not at_work)
    if is_last and qr:
        paper["qr_note"] = _("群众本人扫码评价")
    context = {
        "paper": paper,
        "slip": request.GET.get("slip") == "1",
        "back_url": reverse("case", args=[application.number]),
        "signature_url": reverse("case_signature", args=[application.number, document.pk])
        if at_work and document.content.get("signature")
        else "",
    }
    return render(request, "applications/paper.html", context)


@login_required
@require_GET
def case_signature(request: HttpRequest, number: str, paper_id: int) -> FileResponse:
    """The signature on a proof of delivery."""
    actor = acting_user(request.user)
    application = case_of(actor, number)
    if not works_on(actor, application, position_of(application)):
        raise NotPermitted("watching_only", _("监察岗位不查看签名。"), cure=_("确有需要请走调阅手续。"))
    document = Document.objects.filter(application=application, pk=paper_id).first()
    digest = str(document.content.get("signature", "")) if document else ""
    if not digest or not files.path_of(digest).exists():
        raise Http404
    response = FileResponse(files.path_of(digest).open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response
