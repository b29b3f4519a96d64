"""Pause or reopen a matter; propose to close it for good, confirm or drop that: consequences, then the act."""

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
from halls.domain.moments import SHANGHAI
from matters.actions.confirm_closing import confirm_closing
from matters.actions.drop_closing import drop_closing
from matters.actions.pause_matter import pause_matter
from matters.actions.propose_closing import propose_closing
from matters.actions.reopen_matter import reopen_matter
from matters.forms.draft import ClosingForm, MergingForm, SigningForm
from matters.models import Matter, MatterClosing
from matters.permissions import require_may_edit
from matters.selectors.bundles import bundles_with
from matters.selectors.closings import waiting_closing
from matters.selectors.editing import matter_to_close
from matters.views.explain import explain


@dataclass(frozen=True, slots=True)
class Act:
    do: Callable[..., object]
    label: Promise
    done: Promise
    consequences: tuple[Promise, ...]
    is_final: bool = False
    form: type[ClosingForm | SigningForm] = ClosingForm


_STAY = gettext_lazy("办理中的件照常办完，时限照算。")
_SECOND = gettext_lazy("现在还不生效，要由另一位事项管理员确认；确认以前可以撤下。")
_GONE = (
    gettext_lazy("确认的那天起不再办理，搜索里找不到；原来的网址仍能打开，写明已取消和理由。"),
    _STAY,
    gettext_lazy("确认以后不能撤回：要再办的，用新的编码另建事项。"),
)
_LED = (
    gettext_lazy("确认的那天起不再单独办理；打开原来网址的人会被指到并入的事项。"),
    _STAY,
    gettext_lazy("确认以后不能撤回。"),
)
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
        propose_closing,
        gettext_lazy("提出取消事项"),
        gettext_lazy("已提出取消，等另一位事项管理员确认。"),
        (_SECOND, *_GONE),
    ),
    "merge": Act(
        propose_closing,
        gettext_lazy("提出并入另一事项"),
        gettext_lazy("已提出并入，等另一位事项管理员确认。"),
        (_SECOND, *_LED),
        form=MergingForm,
    ),
    "confirm": Act(
        confirm_closing,
        gettext_lazy("确认取消或并入"),
        gettext_lazy("已确认，从今天起不再办理。"),
        (),
        is_final=True,
        form=SigningForm,
    ),
    "drop": Act(
        drop_closing,
        gettext_lazy("撤下提议"),
        gettext_lazy("已撤下，事项照常办理。"),
        (gettext_lazy("事项照常办理；这份提议留在记录里。"),),
        form=SigningForm,
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
    closing = waiting_closing(code)
    if chosen.form is SigningForm and closing is None and request.method != "POST":
        raise NotFound(_("没有等人确认的取消或并入，可能刚刚确认或撤下了。"))
    initial = {"version": found.current.number, "closing_id": closing.pk if closing else 0}
    form = chosen.form(request.POST if request.method == "POST" else None, initial=initial)
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
    return render(request, "matters/closing.html", _context(found, chosen, form, closing), status=status)


def bundle_lines(found: Matter) -> list[str]:
    """Return the bundles that will go on without this matter, each as a consequence."""
    words = _("“%(bundle)s”里有「%(matter)s」：从今天起那里不再算它的材料和时间，并写明已取消。")
    return [words % {"bundle": bundle.name, "matter": found.name} for bundle in bundles_with(found)]


def _consequences(found: Matter, chosen: Act, closing: MatterClosing | None) -> list[str]:
    """What pressing does, in words; for a confirmation first what was proposed, by whom and why."""
    told = bundle_lines(found) if chosen.do in (propose_closing, confirm_closing) else []
    if chosen.form is not SigningForm or closing is None:
        return [*(str(line) for line in chosen.consequences), *told]
    said = [
        _("%(name)s于 %(day)s 提出：%(what)s。")
        % {
            "name": closing.proposed_by.full_name,
            "day": f"{closing.proposed_at.astimezone(SHANGHAI):%Y-%m-%d}",
            "what": _("并入「%(name)s」") % {"name": closing.into.name} if closing.into else _("取消"),
        },
        _("理由：%(reason)s") % {"reason": closing.reason},
    ]
    after = chosen.consequences or (_LED if closing.into else _GONE)
    return [*said, *(str(line) for line in after), *told]


def _context(
    found: Matter, chosen: Act, form: ClosingForm | SigningForm, closing: MatterClosing | None
) -> dict[str, Any]:
    back = reverse("matter", args=[found.code])
    return {
        "page_title": f"{chosen.label}：{found.name}",
        "page_lead": f"{found.code} · {found.department.name}",
        "consequences": _consequences(found, chosen, closing),
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
