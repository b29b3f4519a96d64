"""统计通报: the list, one paper with its tables, review, sign-off, and the three files."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from halls.acting import Actor, acting_user
from halls.actions.sign import require_signer
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of
from halls.models import Hall, Level
from halls.paging import PageList
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.actions.redraft_bulletin import redraft_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.actions.sign_bulletin import sign_bulletin
from supervision.domain.bulletin import brief
from supervision.domain.periods import Period, PeriodKind
from supervision.forms.bulletins import DraftForm
from supervision.models import Bulletin
from supervision.papers import bulletin_docx, bulletin_pdf, bulletin_xlsx
from supervision.selectors.bulletins import number_of, paged, papers_in_sight, roots_of, visible_bulletins
from supervision.views.defaults import require_reader
from supervision.views.export import XLSX_TYPE, download
from supervision.views.parts import address

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NEWEST = PageList(("first", "pk"), is_descending=True, is_by_day=True)
PAGE = 30


@login_required
@require_safe
def bulletins(request: HttpRequest) -> HttpResponse:
    """The newest first; drafts only for whoever may sign."""
    return _list(request, acting_user(request.user))


def _list(request: HttpRequest, actor: Actor, refused: DraftForm | None = None, status: int = 200) -> HttpResponse:
    """The page of the list; `refused` is the form that could not be done, in its place."""
    require_reader(actor)
    rows, next_cursor = NEWEST.after(visible_bulletins(actor).defer("content"), request.GET.get("after", ""), PAGE)
    missing, earlier = papers_in_sight(actor, day_of(read_moment().at))
    context = {
        "page_title": _("统计通报"),
        "page_lead": _(
            "一周一统计、一月一通报：到期由系统起草，一人审核、另一人签发后公布。签发后不再改动，更正另行登记。"
        ),
        "breadcrumbs": [*_crumbs(actor), {"label": _("统计通报")}],
        "rows": [_row(row) for row in rows],
        "next_url": address("bulletins", after=next_cursor) if next_cursor else "",
        "first_url": reverse("bulletins") if request.GET.get("after") else "",
        "may_sign": may_sign(actor),
        "missing": missing,
        "earlier": earlier,
        "form": refused or DraftForm(offered=earlier),
    }
    return render(request, "supervision/bulletins/list.html", context, status=status)


@login_required
@require_safe
def bulletin(request: HttpRequest, bulletin_id: int) -> HttpResponse:
    """One paper as it reads, with what is to be done next."""
    actor = acting_user(request.user)
    row = _find(actor, bulletin_id)
    return _page(request, actor, row)


def _page(
    request: HttpRequest, actor: Actor, row: Bulletin, error: dict[str, str] | None = None, refused: int = 422
) -> HttpResponse:
    content = brief(paged(row))
    state, kind = _state(row)
    context = {
        "page_title": f"{content['title']} {content['label']}",
        "page_lead": content["counted"],
        "breadcrumbs": [*_crumbs(actor), _shelf(), {"label": content["label"]}],
        "paper": content,
        "bulletin": row,
        "status": state,
        "status_kind": kind,
        "is_open": row.published_at is None and row.dropped_at is None,
        "may_sign": may_sign(actor),
        "is_own_review": row.reviewed_by_id == actor.user_id or is_same_person(row.reviewed_person, actor.person_code),
        "remarks": (error or {}).get("remarks", row.remarks),
        "error": error,
        "most": max([bar["value"] for bar in content["chart"]["bars"]], default=1),
    }
    return render(request, "supervision/bulletins/bulletin.html", context, status=refused if error else 200)


@login_required
@require_POST
def review(request: HttpRequest, bulletin_id: int) -> HttpResponse:
    """审核."""
    actor = acting_user(request.user)
    remarks = request.POST.get("remarks", "")
    try:
        review_bulletin(bulletin_id, actor=actor, version=_version(request), remarks=remarks)
    except Invalid as refusal:
        return _page(
            request, actor, _find(actor, bulletin_id), {"text": f"{refusal.message}{refusal.cure}", "remarks": remarks}
        )
    except Refused as refusal:
        return _differing(request, actor, bulletin_id, refusal, remarks)
    messages.success(request, _("已审核。请另一位县监察员签发。"))
    return redirect("bulletin", bulletin_id)


@login_required
@require_POST
def sign(request: HttpRequest, bulletin_id: int) -> HttpResponse:
    """签发."""
    actor = acting_user(request.user)
    try:
        row = sign_bulletin(bulletin_id, actor=actor, version=_version(request))
    except Refused as refusal:
        return _differing(request, actor, bulletin_id, refusal)
    messages.success(request, _("已签发：%(number)s。") % {"number": number_of(row)})
    return redirect("bulletin", bulletin_id)


def _differing(
    request: HttpRequest, actor: Actor, bulletin_id: int, refusal: Refused, remarks: str | None = None
) -> HttpResponse:
    """The page again, with what differs and what was typed; any other refusal is answered as everywhere."""
    if refusal.code != "figures_differ":
        raise refusal
    row = _find(actor, bulletin_id)
    error = {"differs": refusal.message, "cure": refusal.cure}
    return _page(request, actor, row, error if remarks is None else error | {"remarks": remarks}, 409)


@login_required
@require_POST
def drop(request: HttpRequest, bulletin_id: int) -> HttpResponse:
    """作废草稿: the round of the machine drafts the period anew, for it has no standing paper then; a week at once."""
    actor = acting_user(request.user)
    if "redraft" in request.POST:
        return _redrafted(request, actor, bulletin_id)
    reason = request.POST.get("reason", "")
    try:
        drop_bulletin(bulletin_id, actor=actor, version=_version(request), reason=reason)
    except Invalid as refusal:
        text = f"{refusal.message}{refusal.cure}"
        return _page(request, actor, _find(actor, bulletin_id), {"reason_text": text, "reason": reason})
    messages.success(request, _("已作废。系统随后在后台按现在的记录重新起草，起草好了会提醒您。"))
    return redirect("bulletins")


def _redrafted(request: HttpRequest, actor: Actor, bulletin_id: int) -> HttpResponse:
    """The page of the new draft of a week, with the remarks that were typed under the old one."""
    reason = _("数字和按现在的记录重新统计的不一致，重新起草。")
    row = redraft_bulletin(bulletin_id, actor=actor, version=_version(request), reason=reason)
    messages.success(request, _("已按现在的记录重新起草，原来的草稿已作废。请核对后审核。"))
    return _page(request, actor, row, {"remarks": request.POST.get("remarks", "")}, 200)


@login_required
@require_http_methods(["POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """起草: a period of before the machine's own rounds. What is not possible is answered on the list it came from."""
    actor = acting_user(request.user)
    require_signer(actor)
    county = Hall.objects.filter(tier=Level.COUNTY, path__in=roots_of(actor)).first()
    if county is None:
        raise NotFound
    form = DraftForm(request.POST, offered=papers_in_sight(actor, day_of(read_moment().at))[1])
    if not form.is_valid():
        return _list(request, actor, form, 422)
    try:
        row = draft_bulletin(county, form.cleaned_data["period"], actor=actor)
    except Refused as refusal:
        form.explain(refusal)
        return _list(request, actor, form, 409)
    return redirect("bulletin", row.pk)


@login_required
@require_safe
def bulletin_file(request: HttpRequest, bulletin_id: int, form: str) -> HttpResponseBase:
    """The paper as PDF, Word or Excel."""
    row = _find(acting_user(request.user), bulletin_id)
    content = paged(row)
    name = f"{content['title']}-{content['label']}"
    if form == "pdf":
        key = hashlib.sha256(repr((row.digest, row.version, content["sample"])).encode()).hexdigest()
        return download(bulletin_pdf(content, key).open("rb"), f"{name}.pdf", "application/pdf")
    if form == "docx":
        return download(io.BytesIO(bulletin_docx(content)), f"{name}.docx", DOCX)
    return download(io.BytesIO(bulletin_xlsx(content)), f"{name}.xlsx", XLSX_TYPE)


def _find(actor: Actor, bulletin_id: int) -> Bulletin:
    require_reader(actor)
    row = visible_bulletins(actor).filter(pk=bulletin_id).first()
    if row is None:
        raise NotFound(_("没有找到这份统计通报，或者它还没有签发。"))
    return row


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _crumbs(actor: Actor) -> list[dict[str, str]]:
    return [{"label": _("电子监察"), "url": reverse("supervision")}] if actor.supervises else []


def _shelf() -> dict[str, str]:
    return {"label": _("统计通报"), "url": reverse("bulletins")}


def _row(row: Bulletin) -> dict[str, Any]:
    state, kind = _state(row)
    return {
        "url": reverse("bulletin", args=[row.pk]),
        "kind": row.get_kind_display(),
        "label": Period(PeriodKind(row.kind), row.first).label,
        "number": number_of(row),
        "drafted_at": timezone.localtime(row.drafted_at),
        "reviewer": row.reviewed_by.full_name if row.reviewed_by else "",
        "signer": row.signed_by.full_name if row.signed_by else "",
        "state": state,
        "state_kind": kind,
    }


def _state(row: Bulletin) -> tuple[str, str]:
    if row.published_at is not None:
        return _("已签发"), "good"
    if row.dropped_at is not None:
        return _("已作废"), "ended"
    return (_("待签发"), "waiting") if row.reviewed_at is not None else (_("待审核"), "waiting")
