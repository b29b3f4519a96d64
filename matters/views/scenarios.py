"""The scenarios that editors wrote for a matter: added, rewritten, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from halls.acting import acting_user
from halls.domain.errors import Invalid
from matters.actions.keep_scenario import drop_scenario, keep_scenario
from matters.domain.draft_reader import read_draft
from matters.domain.scenario import ACTS, LIGHTS, OTHERS, STATUSES
from matters.forms.draft import ScenarioForm
from matters.selectors.tryout import own_scenarios, plays_of_steps
from matters.views.draft_section import draft_or_404
from matters.views.explain import explain
from matters.views.parameters import parameter

EXAMPLE = "从 2026-02-13 16:00 起，在乡镇提交\n收件\n等 1 个工作日，受理，应为：在办、到期按承诺"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_scenarios(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The plays made from the steps, the matter's own, and the form; ?name= opens one of its own for changing."""
    actor = acting_user(request.user)
    draft = draft_or_404(draft_id, actor)
    own = own_scenarios(draft.code)
    chosen = next((one for one in own if one.name == parameter(request, "name")), None)
    initial = {"name": chosen.name, "text": chosen.text} if chosen else {"text": EXAMPLE}
    form = ScenarioForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_scenario(draft.code, form.cleaned_data["name"], form.cleaned_data["text"], actor=actor)
        except Invalid as refusal:
            explain(form, refusal)
        else:
            messages.success(request, _("已保存场景“%(name)s”；要看它走不走得通，请再试办一次。") % {"name": kept.name})
            return redirect("matter_draft_scenarios", draft_id=draft.pk)
    record, faults = read_draft(draft.content)
    back = reverse("matter_draft", args=[draft.pk])
    context = {
        "page_title": _("试办场景：%(name)s") % {"name": draft.name or draft.code},
        "page_lead": _("一个场景是一件办件的小剧本。试办时冻结时钟走一遍，走完全部撤回，不留下任何办件。"),
        "form": form,
        "own": own,
        "made": [] if faults else plays_of_steps(record),
        "draft": draft,
        "acts": "、".join(ACTS),
        "expectations": "、".join((*STATUSES, *LIGHTS, *OTHERS)),
        "back_url": back,
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": draft.name or draft.code, "url": back},
            {"label": _("试办场景")},
        ],
    }
    return render(request, "matters/scenarios.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def draft_scenario_drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor = acting_user(request.user)
    draft = draft_or_404(draft_id, actor)
    drop_scenario(draft.code, request.POST.get("name", "")[:60].replace("\x00", ""), actor=actor)
    messages.success(request, _("已删去场景。"))
    return redirect("matter_draft_scenarios", draft_id=draft.pk)
