"""八统一核对 for catalogue editors and supervisors: each difference with what every side says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.domain.duties import Duty
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment
from matters.models import SamenessReport
from matters.permissions import require_reader
from matters.selectors.sameness import LOCAL, is_silent, latest_reports, report_made
from matters.views.parameters import parameter


@login_required
@require_safe
def matter_sameness(request: HttpRequest) -> HttpResponse:
    """The newest report, or ?report= of the list below it."""
    actor = acting_user(request.user)
    require_reader(actor)
    asked = parameter(request, "report")
    reports = latest_reports()
    shown = report_made(int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None)
    if asked and (shown is None or str(shown.pk) != asked):
        raise NotFound(_("没有这一次核对。"))
    may_edit = actor.has(Duty.EDIT_MATTERS)
    crumbs = [{"label": _("事项管理"), "url": reverse("matter_catalogue")}] if may_edit else []
    context = {
        "page_title": _("八统一核对"),
        "page_lead": _(
            "名称、编码、类型、依据、条件、服务对象、流程、材料、时限、收费依据和结果，同一事项应处处一致。每晚核对。"
        ),
        "report": shown,
        "is_silent": bool(reports) and is_silent(reports[0], read_moment().at),
        "found": [_difference(one, may_edit=may_edit) for one in shown.found] if shown else [],
        "reports": [
            {
                "made_at": one.made_at,
                "compared": one.compared,
                "differences": one.differences,
                "url": f"{request.path}?{urlencode({'report': one.pk})}",
                "is_shown": shown is not None and one.pk == shown.pk,
            }
            for one in reports
        ],
        "more": _more(shown),
        "may_edit": may_edit,
        "breadcrumbs": [*crumbs, {"label": _("八统一核对")}],
    }
    return render(request, "matters/sameness.html", context)


def _more(shown: SamenessReport | None) -> int:
    return shown.differences - len(shown.found) if shown else 0


def _difference(one: dict[str, Any], *, may_edit: bool) -> dict[str, Any]:
    """Return a difference; a line that not every side has is marked."""
    lines = [side["words"].split("\n") for side in one["sides"]]
    shared = set.intersection(*map(set, lines)) if lines else set()
    return {
        "title": _("%(label)s不一致") % {"label": one["label"]},
        "why": _("%(why)s相同") % {"why": one["why_same"]} if one["element"] != LOCAL else one["why_same"],
        "sides": [
            {
                "code": side["code"],
                "name": side["name"],
                "url": _address(one["element"], place, side["code"], may_edit=may_edit),
                "lines": [{"text": text, "is_own": text not in shared} for text in own],
            }
            for place, (side, own) in enumerate(zip(one["sides"], lines, strict=True))
        ],
    }


def _address(element: str, place: int, code: str, *, may_edit: bool) -> str:
    """Return where this side is mended; a supervisor reads the guide."""
    if element == LOCAL and place:
        return reverse("hall_matters", args=[code])
    return reverse("matter" if may_edit else "guide", args=[code])
