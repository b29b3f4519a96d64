"""The first page of a person at work: what waits for them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.selectors.case_rows import case_rows
from applications.selectors.inbox import PILES, pile, pile_counts
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.selectors.work_calendar import read_moment
from matters.permissions import edits_halls_only

NOTES = {
    "todo": _("轮到您办的"),
    "doing": _("您能看到的、还没办结的"),
    "correcting": _("等申请人补材料的"),
    "late": _("超过时限的"),
    "done": _("已经办结的"),
    "drafts": _("还没有提交的"),
}
FIRST = 8


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The piles with their counts, and the most urgent of what waits for this person."""
    actor = acting_user(request.user)
    if not actor.case_prefixes:
        return _elsewhere(actor)
    moment = read_moment()
    if actor.post_kind in ("supervisor",):
        return redirect("supervision")
    counts = pile_counts(actor, moment.at)
    names = [n for n in PILES if n != "drafts" or actor.files_in_a_hall]
    tiles = [
        {
            "label": PILES[name],
            "value": counts[name],
            "url": reverse("intake") if name == "drafts" else f"{reverse('case_list')}?pile={name}",
            "kind": "red" if name == "late" else "",
            "note": NOTES[name],
        }
        for name in names
    ]
    first = pile("todo", actor, moment.at).with_list_columns().order_by("late_at", "pk")[:FIRST]
    context = {
        "page_title": _("我的工作"),
        "tiles": tiles,
        "rows": case_rows(first, moment),
        "todo_count": counts["todo"],
        "may_file": actor.files_in_a_hall,
    }
    return render(request, "applications/home.html", context)


def _elsewhere(actor: Actor) -> HttpResponse:
    """Lead to where the work of a person without cases is."""
    if edits_halls_only(actor):
        return redirect("hall_matters", code=actor.hall_code)
    if actor.has(Duty.EDIT_MATTERS):
        return redirect("matter_catalogue")
    return redirect("calendar" if actor.has(Duty.ADMINISTER) else "guide_list")
