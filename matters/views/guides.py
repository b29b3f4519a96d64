"""Guides for everybody: search, shelves, the guide page, and what one takes away from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from halls.domain.errors import NotFound
from halls.domain.worktime import day_of
from halls.models import Hall, Level
from halls.selectors.near import Near, Place, near, stations_near
from halls.selectors.work_calendar import read_moment
from matters.domain.catalogue import SAMPLE_BASES
from matters.domain.flow import FlowStep, flow_of
from matters.models import Matter, MatterVersion
from matters.selectors import guide_paper, guide_text, published_guide
from matters.selectors.bundles import open_bundles
from matters.selectors.guide import Guide
from matters.selectors.hall_promises import Promised, promises_here
from matters.selectors.hall_shelf import HallShelf, hall_shelf
from matters.selectors.local import Here, local_for, local_here
from matters.selectors.search import nearest, on_shelf, ranked
from matters.selectors.shelves import Shelf, shelves_of
from matters.shipped import composed_life_events
from matters.views.parameters import address, page_number, parameter

SHOWN = 40
SHELVES = ("theme", "department", "event", "for", "hall")


@require_safe
@gzip_page
def guide_list(request: HttpRequest) -> HttpResponse:
    """Search first; while one types, only the results are sent."""
    words = parameter(request, "q")
    chosen = {name: parameter(request, name) for name in SHELVES}
    is_partial = request.headers.get("HX-Request") == "true"
    hall = hall_shelf(chosen["hall"]) if chosen["hall"] else None
    if chosen["hall"] and hall is None:
        raise NotFound(_("没有编码为 %(code)s 的大厅。请在“按大厅看事项”里选。") % {"code": chosen["hall"]})
    context: dict[str, Any] = {"words": words, "is_searching": bool(words) or any(chosen.values()), "hall": hall}
    if context["is_searching"]:
        context |= _found(request, words, chosen, hall)
    if not is_partial:
        context |= _shelves(request, chosen, hall)
    template = "matters/_guide_results.html" if is_partial else "matters/guide_list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _found(request: HttpRequest, words: str, chosen: dict[str, str], hall: HallShelf | None) -> dict[str, Any]:
    """Return a page of what answers, or what comes near when nothing does."""
    page = page_number(request)
    start = (page - 1) * SHOWN
    shelf = on_shelf(
        tier=hall.tier if hall else None,
        theme=chosen["theme"],
        department=chosen["department"],
        life_event=chosen["event"],
        audience=chosen["for"],
        with_paused=True,
    )
    rows = list(ranked(shelf, words)[start : start + SHOWN + 1])
    is_near = False
    if not rows and words and page == 1:
        rows = list(nearest(shelf, words)[: SHOWN // 4])
        is_near = bool(rows)
    is_cut = len(rows) > SHOWN
    asked = words and page == 1 and not any(chosen.values())
    bundles = open_bundles(words).values_list("code", "name")[:SHOWN] if asked else ()
    own = _own_promises(hall, rows) if hall else {}
    local = local_here(hall.path, [row.current for row in rows if row.current]) if hall else {}
    return {
        "rows": [_row(matter, own.get(matter.current_id or 0), hall, local.get(matter.pk)) for matter in rows[:SHOWN]],
        "bundles": [{"name": name, "url": reverse("bundle", args=[code])} for code, name in bundles],
        "is_cut": is_cut,
        "is_near": is_near,
        "prev_url": address(request, page=page - 1 if page > 2 else "") if page > 1 else "",
        "next_url": address(request, page=page + 1) if is_cut else "",
        "shown": _("第 %(first)d–%(last)d 项") % {"first": start + 1, "last": start + min(len(rows), SHOWN)},
    }


def _shelves(request: HttpRequest, chosen: dict[str, str], hall: HallShelf | None) -> dict[str, Any]:
    shelves = shelves_of(Matter.objects.listed())
    groups = {
        "event": (*shelves.life_events, *shelves.topics),
        "for": shelves.audiences,
        "theme": shelves.themes,
        "department": shelves.departments,
    }
    labels = [_label(group, chosen[name]) for name, group in groups.items()] + [hall.name if hall else ""]
    return {
        "page_title": _("办事指南"),
        "events": _links(request, "event", shelves.life_events),
        "topics": _links(request, "event", shelves.topics),
        "events_are_composed": composed_life_events(),
        "audiences": _links(request, "for", shelves.audiences),
        "themes": _links(request, "theme", shelves.themes),
        "departments": _links(request, "department", shelves.departments),
        "chosen": "、".join(filter(None, labels)),
        "all_url": reverse("guide_halls"),
    }


def _own_promises(hall: HallShelf, rows: Sequence[Matter]) -> Mapping[int, Promised]:
    versions = [matter.current for matter in rows if matter.current is not None]
    return promises_here(hall.path, hall.tier, versions, hall.today)


def local_lines(here: Here | None) -> list[tuple[str, str]]:
    """Return what a hall says of a matter itself, element by element; nothing where it says nothing."""
    if here is None:
        return []
    said = [(_("办理地点"), here.where), (_("办理时间"), here.hours), (_("电话"), here.phone)]
    return [(label, text) for label, text in said if text]


def _row(matter: Matter, own: Promised | None, hall: HallShelf | None, here: Here | None) -> dict[str, Any]:
    version = matter.current
    assert version is not None  # published matters have one
    return {
        "url": reverse("guide", args=[matter.code]) + (f"?hall={hall.code}" if hall else ""),
        "local": local_lines(here),
        "paused": _paused(matter, here),
        "name": matter.name,
        "aliases": "、".join(version.aliases),
        "department": matter.department.name,
        "handling": version.get_handling_display(),
        "promise": guide_text.own_promise(own.days, own.published) if own else guide_text.promise(version),
        "is_sample": own is None and version.promised_basis in SAMPLE_BASES,
    }


def _paused(matter: Matter, here: Here | None) -> str:
    if matter.paused_on is not None:
        return guide_paper.paused_everywhere(matter.paused_on, matter.closing_reason)
    return guide_paper.paused_here(here) if here is not None and here.paused_on else ""


def _links(request: HttpRequest, name: str, shelves: tuple[Shelf, ...]) -> list[dict[str, Any]]:
    nothing = dict.fromkeys(("q", *SHELVES), "")
    return [
        {"label": shelf.label, "count": shelf.count, "url": address(request, **{**nothing, name: shelf.value})}
        for shelf in shelves
    ]


def _label(shelves: tuple[Shelf, ...], value: str) -> str:
    return next((shelf.label for shelf in shelves if shelf.value == value), "")


def guide_or_404(code: str) -> Guide:
    found = published_guide(code)
    if found is None:
        raise NotFound(_("没有编码为 %(code)s 的办事指南。") % {"code": code[:64]})
    return found


@require_safe
@gzip_page
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide page: the answer first, then everything behind it; ?township=&village= tell where to go."""
    found = guide_or_404(code)
    where = where_to_go(request, found)
    context = {
        "guide": found,
        "flow": flow_in_words(found),
        "where": where,
        "own": _own_promise(found, where["near"], where["today"]),
        "page_title": found.name,
        "search_url": reverse("guide_list"),
        "breadcrumbs": [
            {"label": _("办事指南"), "url": reverse("guide_list")},
            {"label": found.theme, "url": f"{reverse('guide_list')}?theme={found.theme}"},
            {"label": found.name},
        ],
    }
    return render(request, "matters/guide.html", context)


def _own_promise(found: Guide, chosen: Near, today: date) -> Promised | None:
    """Return what the hall that accepts for the place that was chosen promises itself; asked only where one does."""
    code = chosen.village or chosen.township
    if not code or not any(one.is_in_force for one in found.hall_promises):
        return None
    version = MatterVersion.objects.get(matter__code=found.code, number=found.version)
    hall = Hall.objects.get(code=code)
    return promises_here(hall.path, hall.tier, [version], today).get(version.pk)


def flow_in_words(found: Guide) -> dict[str, Any]:
    """Return the chart of the steps, and the chart told in a sentence for whoever does not see it."""
    steps = [
        FlowStep(step.seq, step.name, step.level, step.organ, step.kind, step.time, step.counts) for step in found.steps
    ]
    told = "；".join(f"{step.seq} {step.level_label} {step.organ} {step.name}，{step.time}" for step in found.steps)
    return {"chart": flow_of(steps), "told": told, "labels": {level.value: str(level.label) for level in Level}}


def where_to_go(request: HttpRequest, found: Guide) -> dict[str, Any]:
    """Return where this villager goes with this matter: their own village first, then upwards."""
    moment = read_moment()
    county = found.department_code.split("-")[0]
    around = near(county, *_chosen_place(request), moment)
    places: list[Place] = []
    if around.township:
        places = [around.places[tier] for tier in _NEAREST if tier in around.places and tier in found.accept_levels]
        if Level.TOWNSHIP in found.accept_levels:
            places += stations_near(around.township, found.organs)
    elif Level.COUNTY in found.accept_levels and Level.COUNTY in around.places:
        places = [around.places[Level.COUNTY]]
    local, paused = local_for(found.code, {place.code for place in places})
    taking_in = [place.name for place in places if place.code not in local or local[place.code].paused_on is None]
    return {
        "near": around,
        "today": day_of(moment.at),
        "places": [{"at": place, "local": local.get(place.code)} for place in places],
        # The hall that was chosen, or the county's: what stands first.
        "first": local.get(places[0].code) if places else None,
        "instead": taking_in[0] if taking_in else "",
        "paused": [one for one in paused if one.hall.startswith(county)],
    }


def _chosen_place(request: HttpRequest) -> tuple[str, str]:
    """Return the township and the village that were chosen; ?hall= names either (1 query more)."""
    township, village = parameter(request, "township"), parameter(request, "village")
    code = parameter(request, "hall")
    hall = hall_shelf(code) if code and not township else None
    if hall is None or hall.tier == Level.COUNTY:
        return township, village
    return hall.township, code if hall.tier == Level.VILLAGE else ""


_NEAREST = (Level.VILLAGE.value, Level.TOWNSHIP.value, Level.COUNTY.value)
