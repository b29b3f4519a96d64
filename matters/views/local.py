"""One hall's own lines of a matter: place, window, hours, phone; its own promise; paused here with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound
from halls.models import Hall
from halls.permissions import require_writes_for
from matters.actions.keep_local import LocalElements, keep_local, pause_here, reopen_here
from matters.actions.keep_promise import OwnPromise, keep_promise
from matters.domain.hall_promise import SHORTEST
from matters.forms.local import LocalForm, LocalStateForm, PromiseForm
from matters.models import HallMatter, Matter
from matters.selectors.hall_promises import history_at, overtaken
from matters.selectors.local import local_of
from matters.views.explain import explain

# Three forms stand on one page: their fields go by different names there.
PROMISE_ID, STATE_ID = "promise_%s", "state_%s"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def local_matter(request: HttpRequest, code: str, matter_code: str) -> HttpResponse:
    """The form; what the guide fixes for every hall is shown beside it and cannot be changed here."""
    actor = acting_user(request.user)
    hall, matter = _place(actor, code, matter_code)
    local = local_of(hall, matter)
    form = _local_form(local, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        elements = LocalElements(data["place"], data["window"], data["hours"], data["phone"])
        try:
            keep_local(hall.code, matter.code, elements, actor=actor, version=data["version"])
        except Invalid as refusal:
            explain(form, refusal)
        else:
            messages.success(request, _("已保存，办事指南和公开栏马上改过来。"))
            return redirect("local_matter", code=hall.code, matter_code=matter.code)
    return render(
        request,
        "matters/local_matter.html",
        _context(hall, matter, local, form),
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_POST
def local_state(request: HttpRequest, code: str, matter_code: str, act: str) -> HttpResponse:
    """Pause here, or take in again."""
    actor = acting_user(request.user)
    hall, matter = _place(actor, code, matter_code)
    form = LocalStateForm(request.POST, auto_id=STATE_ID)
    if not form.is_valid():
        raise Invalid("page_incomplete", _("页面不完整。"), field="version", cure=_("请刷新页面再办。"))
    version = form.cleaned_data["version"]
    if act == "pause":
        try:
            pause_here(hall.code, matter.code, actor=actor, reason=form.cleaned_data["reason"], version=version)
        except Invalid as refusal:
            explain(form, refusal)
            local = local_of(hall, matter)
            context = _context(hall, matter, local, _local_form(local)) | {"state_form": form, "failed_form": form}
            return render(request, "matters/local_matter.html", context, status=422)
        messages.success(request, _("本厅已暂停这个事项，别的大厅照办。"))
    else:
        reopen_here(hall.code, matter.code, actor=actor, version=version)
        messages.success(request, _("本厅已恢复办理。"))
    return redirect("local_matter", code=hall.code, matter_code=matter.code)


@login_required
@require_POST
def local_promise(request: HttpRequest, code: str, matter_code: str) -> HttpResponse:
    """Decide what this hall promises from a later day on."""
    actor = acting_user(request.user)
    hall, matter = _place(actor, code, matter_code)
    form = PromiseForm(request.POST, auto_id=PROMISE_ID)
    if form.is_valid():
        data = form.cleaned_data
        own = OwnPromise(data["days"], data["effective_on"], data["reason"])
        before = overtaken(history_at(hall, matter))
        try:
            keep_promise(hall.code, matter.code, own, actor=actor, version=data["version"])
        except Invalid as refusal:
            explain(form, refusal)
        else:
            said = _("已公布，从施行之日起受理的办件按本厅承诺计算，已经受理的不变。")
            messages.success(request, said + _overtaken_now(hall, matter, before))
            return redirect("local_matter", code=hall.code, matter_code=matter.code)
    local = local_of(hall, matter)
    context = _context(hall, matter, local, _local_form(local)) | {"promise_form": form, "failed_form": form}
    return render(request, "matters/local_matter.html", context, status=422)


def _overtaken_now(hall: Hall, matter: Matter, before: frozenset[int]) -> str:
    """Return which announced decisions this one keeps from ever beginning."""
    rows = history_at(hall, matter)
    gone = [row for row in rows if row.pk in overtaken(rows) - before]
    words = "、".join(
        _("自 %(day)s 起%(days)s") % {"day": f"{row.effective_on:%Y年%-m月%-d日}", "days": _days(row.days)}
        for row in gone
    )
    return _("先前定的“%(words)s”不再施行。") % {"words": words} if words else ""


def _days(days: int | None) -> str:
    return _("承诺 %(n)d 个工作日") % {"n": days} if days else _("按办事指南")


def _local_form(local: HallMatter | None, data: Any = None) -> LocalForm:
    return LocalForm(data, initial=_initial(local))


def _place(actor: Actor, code: str, matter_code: str) -> tuple[Hall, Matter]:
    if "\x00" in code + matter_code:
        raise NotFound(_("没有这个大厅或事项。"))
    hall = Hall.objects.filter(code=code[:12], retired_on__isnull=True).first()
    matter = Matter.objects.select_related("current", "department").filter(code=matter_code[:64]).first()
    if hall is None or matter is None or matter.current is None:
        raise NotFound(_("没有这个大厅或事项。"))
    require_writes_for(actor, hall)
    return hall, matter


def _initial(local: HallMatter | None) -> dict[str, Any]:
    if local is None:
        return {"version": 0}
    return {name: getattr(local, name) for name in ("place", "window", "hours", "phone", "version")}


def _context(hall: Hall, matter: Matter, local: HallMatter | None, form: forms.Form) -> dict[str, Any]:
    back = reverse("hall_matters", args=[hall.code])
    decisions = history_at(hall, matter)
    guide = matter.current
    assert guide is not None  # _place
    void = overtaken(decisions)
    return {
        "failed_form": form,
        "void": void,
        "page_title": _("%(matter)s：本厅信息") % {"matter": matter.name},
        "page_lead": hall.name,
        "form": form,
        "state_form": LocalStateForm(initial={"version": local.version if local else 0}, auto_id=STATE_ID),
        "promise_form": PromiseForm(initial={"version": decisions[0].pk if decisions else 0}, auto_id=PROMISE_ID),
        "local_url": reverse("local_matter", args=[hall.code, matter.code]),
        "promise_url": reverse("local_promise", args=[hall.code, matter.code]),
        "decisions": decisions,
        "guide_days": guide.promised_days,
        "may_promise": not guide.is_immediate and guide.promised_days > SHORTEST,
        "is_paused": local is not None and local.paused_on is not None,
        "paused_on": local.paused_on if local else None,
        "paused_reason": local.paused_reason if local else "",
        "guide_url": reverse("guide", args=[matter.code]),
        "back_url": back,
        "pause_url": reverse("local_state", args=[hall.code, matter.code, "pause"]),
        "reopen_url": reverse("local_state", args=[hall.code, matter.code, "reopen"]),
        "breadcrumbs": [{"label": _("受理清单"), "url": back}, {"label": matter.name}],
    }
