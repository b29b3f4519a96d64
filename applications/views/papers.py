"""Printing the papers of a case."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.actions.draw_rating_ticket import draw_rating_ticket
from applications.domain.numbers import grouped
from applications.models import Document
from applications.progress_link import progress_qr
from applications.rating_link import LAST_PAPERS, rating_qr
from applications.selectors.papers import paper_of
from applications.selectors.position import position_of
from applications.selectors.rating_tickets import drawings
from applications.selectors.standing import may_hand_out_code, works_on
from applications.views.lookup import case_of
from halls import files
from halls.acting import acting_user
from halls.domain.errors import NotPermitted


@login_required
@require_http_methods(["GET", "POST"])
def case_paper(request: HttpRequest, number: str, paper_id: int) -> HttpResponse:
    """One paper, A4 or (`?slip=1`) on the 80 mm printer; POST prints the last one with a new code to rate with."""
    actor = acting_user(request.user)
    application = case_of(actor, number)
    document = application.documents.filter(pk=paper_id).first()
    if document is None:
        raise Http404
    is_last, may_hand_out = document.kind in LAST_PAPERS, may_hand_out_code(actor, application)
    code, qr = "", ""
    if is_last and request.method == "POST":
        code = draw_rating_ticket(application.pk, actor=actor)
        qr = rating_qr(request, application.number or "", code)
    elif may_hand_out and not is_last:
        qr = progress_qr(request, application.number or "")
    at_work = works_on(actor, application, position_of(application))
    paper = paper_of(document, application, qr, is_masked=not at_work)
    if code:
        paper["qr_note"] = _("群众本人扫码评价。评价码 %(code)s") % {"code": grouped(code)}
    if at_work and document.content.get("signature"):
        paper["signature_url"] = reverse("case_signature", args=[application.number, document.pk])
    context = {
        "paper": paper,
        "slip": request.GET.get("slip") == "1",
        "back_url": reverse("case", args=[application.number]),
        "may_draw": is_last and may_hand_out and not code,
        "drawn": next(reversed(drawings(application.pk)), None) if is_last else None,
    }
    response = render(request, "applications/paper.html", context)
    if code:
        response["Cache-Control"] = "private, no-store"
    return response


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
