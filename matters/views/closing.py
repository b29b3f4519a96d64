"""Pause, reopen, abolish or merge a matter: what will happen in words, a reason, then the act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from halls.acting import acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from matters.actions.abolish_matter import abolish_matter
from matters.actions.merge_matters import merge_matters
from matters.actions.pause_matter import pause_matter
from matters.actions.reopen_matter import reopen_matter
from matters.forms.draft import ClosingForm, MergingForm
from matters.models import Matter
from matters.permissions import require_may_edit
from matters.selectors.editing import matter_to_close
from matters.views.explain import explain


@dataclass(frozen=True, slots=True)
class Act:
    do: Callable[..., Matter]
    label: Promise
    done: Promise
    consequences: tuple[Promise, ...]
    is_final: bool = False
    form: type[ClosingForm] = ClosingForm


_STAY = gettext_lazy("办理中的件照常办完，时限照算。")
ACTS = {
    "pause": Act(
        pause_matter,
        gettext_lazy("暂停办理"),
        gettext_lazy("已暂停，全县各大厅都不再收件。"),
        (
            gettext_lazy("从今天起全县各大厅都不收新件；只停一个大厅的，由那个大厅在受理清单里停。"),
            gettext_lazy("办事指南照样能看、搜得到，开头写明暂停和您写的理由；请写明何时恢复、这期间怎么办。"),
            _STAY,
        ),
    ),
    "reopen": Act(
        reopen_matter,
        gettext_lazy("恢复办理"),
        gettext_lazy("已恢复办理。"),
        (gettext_lazy("各大厅马上可以收件；自己暂停的大厅仍然停着。"),),
    ),
    "abolish": Act(
        abolish_matter,
        gettext_lazy("取消事项"),
        gettext_lazy("已取消。"),
        (
            gettext_lazy("从今天起不再办理，搜索里找不到；原来的网址仍能打开，写明已取消和理由。"),
            _STAY,
            gettext_lazy("不能撤回：要再办的，用新的编码另建事项。"),
        ),
        is_final=True,
    ),
    "merge": Act(
        merge_matters,
        gettext_lazy("并入另一事项"),
        gettext_lazy("已并入，看原来网址的人会被带到新的事项。"),
        (
            gettext_lazy("从今天起不再单独办理；打开原来网址的人会被指到并入的事项。"),
            _STAY,
            gettext_lazy("不能撤回。"),
        ),
        is_final=True,
        form=MergingForm,
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matter_close(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """The question with its consequences, and the act."""
    actor, chosen = acting_user(request.user), ACTS[act]
    found = matter_to_close(code)
    if found is None or found.current is None:
        raise NotFound(_("没有这个事项。"))
    require_may_edit(actor, found.department)
    form = chosen.form(request.POST if request.method == "POST" else None, initial={"version": found.current.number})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                chosen.do(code, actor=actor, **form.cleaned_data)
            except Invalid as refusal:
                explain(form, refusal)
            except Refused as refusal:
                form.add_error(None, f"{refusal.message}{refusal.cure}")
                status = 409
            else:
                messages.success(request, str(chosen.done))
                return redirect("matter", code=code)
    return render(request, "matters/closing.html", _context(found, chosen, form), status=status)


def _context(found: Matter, chosen: Act, form: ClosingForm) -> dict[str, Any]:
    back = reverse("matter", args=[found.code])
    return {
        "page_title": f"{chosen.label}：{found.name}",
        "page_lead": f"{found.code} · {found.department.name}",
        "consequences": chosen.consequences,
        "label": chosen.label,
        "is_final": chosen.is_final,
        "form": form,
        "back_url": back,
        "pick_url": f"{reverse('matter_similar')}?{urlencode({'department': found.department.code})}"
        if chosen.form is MergingForm
        else "",
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": found.name, "url": back},
            {"label": str(chosen.label)},
        ],
    }
