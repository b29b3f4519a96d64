"""Work lists with keyset pages, and search by number or identity number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.domain.identity import normalise
from applications.domain.lights import COLOUR_LABELS, Colour
from applications.models import Application
from applications.querysets import NEWEST_FIRST, URGENT_FIRST, ApplicationQuerySet
from applications.sealing import blind_index
from applications.selectors.case_rows import case_rows
from applications.selectors.inbox import PILES, pile
from applications.selectors.lights import colour_condition
from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid
from halls.selectors.work_calendar import read_moment

PAGE = 20
COLUMNS = "light number matter applicant village since status owner asked due"


@login_required
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """One pile, most urgent first; the address carries pile, light and place of the page."""
    actor = acting_user(request.user)
    moment = read_moment()
    name = request.GET.get("pile", "todo")
    if name not in PILES or name == "drafts":
        raise Invalid("unknown_pile", _("没有这个清单。"), field="pile", cure=_("请从左侧栏目进入。"))
    rows = pile(name, actor, moment.at)
    colour = request.GET.get("light", "")
    if colour:
        if colour not in Colour.__members__.values():
            raise Invalid("unknown_light", _("没有这种灯。"), field="light", cure=_("请重新筛选。"))
        rows = rows.filter(colour_condition(colour, moment.at))
    order = NEWEST_FIRST if name == "done" else URGENT_FIRST
    found, next_cursor = order.after(rows.with_list_columns(), request.GET.get("after", ""), PAGE)
    context = {
        "page_title": PILES[name],
        "rows": case_rows(found, moment),
        "columns": COLUMNS,
        "pile": name,
        "filter_fields": [_light_field(colour)],
        "keep": [{"name": "pile", "value": name}],
        "clear_url": f"{reverse('case_list')}?pile={name}" if colour else "",
        "next_url": _url(request, after=next_cursor) if next_cursor else "",
        "first_url": _url(request, after="") if request.GET.get("after") else "",
    }
    return render(request, "applications/list.html", context)


def _light_field(chosen: str) -> dict[str, Any]:
    options = [{"value": "", "label": _("全部"), "selected": not chosen}]
    options += [
        {"value": c.value, "label": COLOUR_LABELS[c], "selected": c == chosen} for c in Colour if c != Colour.DONE
    ]
    return {"name": "light", "label": _("灯"), "kind": "select", "options": options}


def _url(request: HttpRequest, **changes: str) -> str:
    query = {key: value for key, value in request.GET.items() if value} | changes
    return f"{request.path}?{urlencode({k: v for k, v in query.items() if v})}"


@login_required
@require_http_methods(["GET", "POST"])
def case_search(request: HttpRequest) -> HttpResponse:
    """Find by case number, identity number (exact, never in the address) or applicant's name."""
    actor = acting_user(request.user)
    words = request.POST.get("q", "").replace("\0", "").strip()[:64]
    found: list[Application] = []
    if words:
        rows = _matching(actor, words)
        found = list(NEWEST_FIRST.ordered(rows.with_list_columns())[: PAGE + 1])
        if len(found) == 1 and found[0].number:
            return redirect("case", number=found[0].number)
    context = {
        "page_title": _("查询办件"),
        "page_lead": _("输入办件编号、申请人证件号（完整）或姓名。只查您有权看到的办件。"),
        "words": words,
        "searched": bool(words),
        "rows": case_rows(found[:PAGE], read_moment()),
        "columns": COLUMNS,
        "is_cut": len(found) > PAGE,
    }
    return render(request, "applications/search.html", context)


def _matching(actor: Actor, words: str) -> ApplicationQuerySet:
    plain = normalise(words)
    condition = Q(applicant__name=words) | Q(applicant__id_index=blind_index(plain))
    if plain.isdecimal():
        condition |= Q(number=plain)
    return Application.objects.visible_to(actor).filter(condition)
