"""Guides for everybody: search, shelves, and the guide page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.domain.errors import NotFound
from matters.models import Matter
from matters.selectors import find_matters, guide_text, published_guide
from matters.selectors.guide import SAMPLE_BASES
from matters.selectors.shelves import Shelf, shelves_of
from matters.views.parameters import address, parameter

SHOWN = 40


@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """Search first; while one types, only the results are sent."""
    words, theme, department = (parameter(request, name) for name in ("q", "theme", "department"))
    is_partial = request.headers.get("HX-Request") == "true"
    context: dict[str, Any] = {"words": words, "is_searching": bool(words or theme or department)}
    if context["is_searching"]:
        found = find_matters(words, theme=theme or None, department=department or None)
        rows = list(found[: SHOWN + 1])
        context |= {"rows": [_row(matter) for matter in rows[:SHOWN]], "is_cut": len(rows) > SHOWN}
    if not is_partial:
        shelves = shelves_of()
        context |= {
            "page_title": _("办事指南"),
            "themes": _links(request, "theme", shelves.themes),
            "departments": _links(request, "department", shelves.departments),
            "chosen": _label(shelves.themes, theme) or _label(shelves.departments, department),
        }
    template = "matters/_guide_results.html" if is_partial else "matters/guide_list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _row(matter: Matter) -> dict[str, Any]:
    version = matter.current
    assert version is not None  # published matters have one
    return {
        "url": reverse("guide", args=[matter.code]),
        "name": matter.name,
        "aliases": "、".join(version.aliases),
        "department": matter.department.name,
        "handling": version.get_handling_display(),
        "promise": guide_text.promise(version),
        "is_sample": version.promised_basis in SAMPLE_BASES,
    }


def _links(request: HttpRequest, name: str, shelves: tuple[Shelf, ...]) -> list[dict[str, Any]]:
    nothing = dict.fromkeys(("q", "theme", "department"), "")
    return [
        {"label": shelf.label, "count": shelf.count, "url": address(request, **{**nothing, name: shelf.value})}
        for shelf in shelves
    ]


def _label(shelves: tuple[Shelf, ...], value: str) -> str:
    return next((shelf.label for shelf in shelves if shelf.value == value), "")


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide page: the answer first, then everything behind it."""
    found = published_guide(code)
    if found is None:
        raise NotFound(_("没有编码为 %(code)s 的办事指南。") % {"code": code[:64]})
    context = {
        "guide": found,
        "page_title": found.name,
        "search_url": reverse("guide_list"),
        "breadcrumbs": [
            {"label": _("办事指南"), "url": reverse("guide_list")},
            {"label": found.theme, "url": f"{reverse('guide_list')}?theme={found.theme}"},
            {"label": found.name},
        ],
    }
    return render(request, "matters/guide.html", context)
