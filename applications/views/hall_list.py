"""受理清单: what a hall takes in, how often it is asked for, and what the hall says of it itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.frequency import FREQUENCY_LABELS, Frequency, frequencies
from applications.selectors.frequency import cases_by_matter
from halls.acting import acting_user
from halls.domain.errors import NotFound
from halls.domain.worktime import day_of
from halls.models import Hall
from halls.permissions import writes_for
from halls.selectors.work_calendar import read_moment
from matters.selectors.hall_promises import own_promises
from matters.selectors.local import Offered, offered_at
from matters.selectors.search import search_terms
from matters.views.parameters import address, parameter


@login_required
@require_safe
def hall_matters(request: HttpRequest, code: str) -> HttpResponse:
    """Every matter of the hall with its class; `?class=` narrows, the counts above are links to exactly their rows."""
    actor = acting_user(request.user)
    hall = Hall.objects.filter(code=code[:12], retired_on__isnull=True).first() if "\x00" not in code else None
    if hall is None:
        raise NotFound(_("没有这个大厅。"))
    moment = read_moment()
    offered, cases = offered_at(hall), cases_by_matter(hall, moment)
    classes = frequencies({one.matter.code: cases.get(one.matter.code, 0) for one in offered})
    own = own_promises(hall, [one.matter for one in offered], day_of(moment.at))
    chosen, words = request.GET.get("class", ""), parameter(request, "q")
    department = parameter(request, "department")
    listed = [one for one in offered if _answers(one, words, department)]
    may_edit = writes_for(actor, hall)
    rows = [
        _row(
            one,
            hall,
            cases.get(one.matter.code, 0),
            classes[one.matter.code],
            own.get(one.matter.pk),
            may_edit=may_edit,
        )
        for one in listed
        if chosen in ("", classes[one.matter.code].value) or (chosen == "paused" and not one.is_open)
    ]
    figures = {kind.value: sum(classes[one.matter.code] is kind for one in listed) for kind in Frequency}
    context = {
        "page_title": _("%(hall)s受理清单") % {"hall": hall.name},
        "hall_code": hall.code,
        "page_lead": _("近 12 个月在本厅提交的件数分档：合计占八成且每月至少一件的为高频，一件没有的为常年无办件。"),
        "rows": rows,
        "figures": [
            {
                "label": label,
                "count": figures[kind.value],
                "url": _narrowed(request, kind.value),
                "is_chosen": chosen == kind,
            }
            for kind, label in FREQUENCY_LABELS.items()
        ]
        + [
            {
                "label": _("暂停"),
                "count": sum(not one.is_open for one in listed),
                "url": _narrowed(request, "paused"),
                "is_chosen": chosen == "paused",
            }
        ],
        "is_narrowed": bool(chosen or words or department),
        "filter_fields": _fields(offered, words, department),
        "keep": [{"name": "class", "value": chosen}] if chosen else [],
        "may_edit": may_edit,
        "facts_url": reverse("hall_facts", args=[hall.code]),
        "below": _below(hall) if may_edit else [],
        "clear_url": request.path,
        "breadcrumbs": [{"label": hall.name}, {"label": _("受理清单")}],
    }
    return render(request, "applications/hall_matters.html", context)


def _narrowed(request: HttpRequest, kind: str) -> str:
    return address(request, **{"class": kind}).removeprefix(request.path)


def _answers(one: Offered, words: str, department: str) -> bool:
    """Whether the matter is called by these words (name, pinyin, initials), and is this department's."""
    matter = one.matter
    return department in ("", matter.department.code) and all(
        term in matter.search_text for term in search_terms(words)
    )


def _fields(offered: list[Offered], words: str, department: str) -> list[dict[str, Any]]:
    departments = {one.matter.department.code: one.matter.department.name for one in offered}
    options = [{"value": "", "label": _("全部"), "selected": not department}]
    options += [{"value": code, "label": name, "selected": code == department} for code, name in departments.items()]
    return [
        {"name": "q", "label": _("名称、别名或拼音"), "kind": "search", "value": words},
        {"name": "department", "label": _("部门"), "kind": "select", "options": options},
    ]


def _below(hall: Hall) -> list[dict[str, str]]:
    """Return the halls below, whose lists the same person keeps (1 query)."""
    halls = hall.children.filter(retired_on__isnull=True).order_by("code").values_list("code", "name")
    return [{"name": name, "url": reverse("hall_matters", args=[code])} for code, name in halls]


def _row(
    one: Offered, hall: Hall, cases: int, frequency: Frequency, days: int | None, *, may_edit: bool
) -> dict[str, Any]:
    local = one.local
    own = [local.window, local.place, local.hours, local.phone] if local else []
    own += [_("承诺 %(n)d 个工作日") % {"n": days}] if days else []
    return {
        "code": one.matter.code,
        "name": one.matter.name,
        "url": reverse("guide", args=[one.matter.code]),
        "department": one.matter.department.name,
        "cases": cases,
        "frequency": FREQUENCY_LABELS[frequency],
        "is_paused": not one.is_open,
        "paused_reason": local.paused_reason if local else "",
        "own": " · ".join(text for text in own if text),
        "edit_url": reverse("local_matter", args=[hall.code, one.matter.code]) if may_edit else "",
    }
