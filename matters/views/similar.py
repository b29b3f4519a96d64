"""Similar matters: the pairs, then two of them side by side, and the merger with its reason and consequences."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from matters.actions.keep_apart import keep_apart
from matters.actions.propose_closing import propose_closing
from matters.domain.likeness import Pair
from matters.forms.draft import ApartForm, PickingForm
from matters.models import Matter
from matters.permissions import require_editor, require_may_edit
from matters.selectors import guide_text
from matters.selectors.drafts import bureaus_edited_by
from matters.selectors.likeness import difference_of, matters_to_compare, said_apart, similar_pairs
from matters.views.closing import ACTS, bundle_lines
from matters.views.explain import explain
from matters.views.own_hall import own_hall
from matters.views.parameters import address, page_number, parameter

PAGE = 40
APART_ID = "apart_%s"  # two forms stand on the page of a pair


@login_required
@require_safe
def matter_similar(request: HttpRequest) -> HttpResponse:
    """The pairs of the actor's departments, the most alike first; ?department= narrows."""
    actor = acting_user(request.user)
    require_editor(actor)
    bureaus, chosen, page = bureaus_edited_by(actor), parameter(request, "department"), page_number(request)
    pairs = similar_pairs(actor, [chosen] if chosen else None)
    names = {bureau.code: bureau.name for bureau in bureaus}
    start = (page - 1) * PAGE
    shown = pairs[start : start + PAGE]
    context = {
        "page_title": _("相近事项"),
        "page_lead": _(
            "同一部门里名称、编码或群众叫法相近的事项。相近不等于重复：先看两份指南有什么不同，再决定要不要并。"
        ),
        "own_hall": own_hall(actor),
        "rows": [_row(pair, names) for pair in shown],
        "count": len(pairs),
        "filter_fields": [
            {
                "name": "department",
                "label": _("部门"),
                "kind": "select",
                "options": [{"value": "", "label": _("全部"), "selected": not chosen}]
                + [{"value": code, "label": name, "selected": code == chosen} for code, name in names.items()],
            }
        ],
        "chips": [{"label": names.get(chosen, chosen), "remove_url": address(request, department="", page="")}]
        if chosen
        else [],
        "clear_url": request.path,
        "shown": _("第 %(first)d–%(last)d 对") % {"first": start + 1, "last": start + len(shown)} if shown else "",
        "prev_url": address(request, page=page - 1 if page > 2 else "") if page > 1 else "",
        "next_url": address(request, page=page + 1) if len(pairs) > start + PAGE else "",
        "breadcrumbs": [{"label": _("事项管理"), "url": reverse("matter_catalogue")}, {"label": _("相近事项")}],
    }
    return render(request, "matters/similar.html", context)


def _row(pair: Pair, names: dict[str, str]) -> dict[str, Any]:
    return {
        "one": pair.one,
        "other": pair.other,
        "department": names.get(pair.one.department, pair.one.department),
        "likeness": pair.likeness,
        "reasons": pair.reasons,
        "url": reverse("matter_pair", args=[pair.one.code, pair.other.code]),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matter_pair(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Two guides side by side; which of them goes on is chosen, with a reason and a tick that one has compared."""
    actor = acting_user(request.user)
    require_editor(actor)
    pair = matters_to_compare(code, other)
    if pair is None:
        raise NotFound(_("没有这两个事项，或者它们不在同一个部门，或者有一个已经取消。"))
    require_may_edit(actor, pair[0].department)
    if request.POST.get("act") == "apart":
        return _keep_apart(request, actor, pair)
    form = PickingForm(request.POST if request.method == "POST" else None, pair=pair)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            kept, gone = pair if form.cleaned_data["into"] == pair[0].code else pair[::-1]
            try:
                propose_closing(
                    gone.code,
                    into=kept.code,
                    actor=actor,
                    reason=form.cleaned_data["reason"],
                    version=form.seen(gone),
                    into_version=form.seen(kept),
                )
            except Invalid as refusal:
                explain(form, refusal)
            except Refused as refusal:
                form.add_error(None, f"{refusal.message}{refusal.cure}")
                status = 409
            else:
                messages.success(request, _("已提出并入「%(name)s」，等另一位事项管理员确认。") % {"name": kept.name})
                return redirect("matter", code=gone.code)
    return render(request, "matters/pair.html", _context(pair, form), status=status)


def _keep_apart(request: HttpRequest, actor: Actor, pair: tuple[Matter, Matter]) -> HttpResponse:
    """Say that the two are not one; without a reason the page comes back."""
    form = ApartForm(request.POST, auto_id=APART_ID)
    status = 422
    if form.is_valid():
        try:
            keep_apart(pair[0].code, pair[1].code, actor=actor, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            explain(form, refusal)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message}{refusal.cure}")
            status = 409
        else:
            messages.success(request, _("已记下：不是同一个事项，以后不再提示。"))
            return redirect("matter_similar")
    context = _context(pair, PickingForm(pair=pair)) | {"apart_form": form, "failed_form": form}
    return render(request, "matters/pair.html", context, status=status)


def _context(pair: tuple[Matter, Matter], form: PickingForm) -> dict[str, Any]:
    one, other = pair
    back = reverse("matter_similar")
    return {
        "page_title": _("比一比：%(one)s、%(other)s") % {"one": one.name, "other": other.name},
        "page_lead": one.department.name,
        "sides": [_side(matter) for matter in pair],
        "changes": difference_of(one, other),
        "consequences": (*ACTS["merge"].consequences, *(line for matter in pair for line in bundle_lines(matter))),
        "form": form,
        "failed_form": form,
        "apart": said_apart(one, other),
        "apart_form": ApartForm(auto_id=APART_ID),
        "back_url": back,
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": _("相近事项"), "url": back},
            {"label": f"{one.code}、{other.code}"},
        ],
    }


def _side(matter: Matter) -> dict[str, Any]:
    version = matter.current
    assert version is not None  # asked for in the query
    return {
        "code": matter.code,
        "name": matter.name,
        "url": reverse("matter", args=[matter.code]),
        "aliases": "、".join(version.aliases),
        "version": version.number,
        "promise": guide_text.promise(version),
        "is_paused": matter.paused_on is not None,
    }
