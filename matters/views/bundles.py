"""Bundles (一件事) for everybody: the list, and one bundle with a choice of what takes part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.domain.errors import NotFound
from halls.models import Level
from matters.domain.bundle import Packed, packed
from matters.selectors.bundles import BundleView, MemberView, bundle_of, open_bundles
from matters.selectors.guide_text import copies_of
from matters.views.parameters import parameter

MOST_WANTED = 40


@require_safe
def bundle_list(request: HttpRequest) -> HttpResponse:
    words = parameter(request, "q")
    rows = [
        {"name": bundle.name, "url": reverse("bundle", args=[bundle.code]), "lead": bundle.lead.name, **_said(bundle)}
        for bundle in open_bundles(words)
    ]
    context = {
        "page_title": _("一件事一次办"),
        "page_lead": _("几个事项一张表、一套材料、一次提交。"),
        "rows": rows,
        "words": words,
        "search_url": reverse("guide_list"),
        "breadcrumbs": [{"label": _("办事指南"), "url": reverse("guide_list")}, {"label": _("一件事")}],
    }
    return render(request, "matters/bundle_list.html", context)


def _said(bundle: Any) -> dict[str, Any]:
    """How many take part now, and how long it takes; of a bundle that lacks one of them, its own page tells."""
    members = {one["matter_id"] for stage in bundle.content["stages"] for one in stage["members"]}
    open_ones = members - set(bundle.gone)
    days = bundle.content["promised_limit"]["days"] if open_ones == members else None
    return {"count": len(open_ones), "days": days}


@require_safe
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """One bundle; `?m=` names the optional members that take part, `?chosen=1` that a choice was made."""
    wanted = request.GET.getlist("m")[:MOST_WANTED] if parameter(request, "chosen") else None
    found = bundle_of(code, wanted)
    if found is None:
        raise NotFound(_("没有编码为 %(code)s 的一件事。") % {"code": code[:64]})
    materials = packed(found.materials)
    context = {
        "page_title": found.record.name,
        "page_lead": _("由%(lead)s牵头，一次提交，几家同办。") % {"lead": found.lead},
        "bundle": found,
        "stages": _stages(found),
        "beside": [_row(one) for one in found.beside if not one.takes_part],
        "materials": [_packed(one) for one in materials],
        "brought": sum(one.is_brought for one in materials),
        "optional": [_row(one) for one in found.members if one.is_optional and one.is_open],
        "levels": "、".join(str(Level(level).label) for level in found.record.accept_levels),
        "differs": _differs(found),
        "left_out": [_left_out(one) for one in found.left_out],
        "search_url": reverse("guide_list"),
        "breadcrumbs": [
            {"label": _("办事指南"), "url": reverse("guide_list")},
            {"label": _("一件事"), "url": reverse("bundle_list")},
            {"label": found.record.name},
        ],
    }
    return render(request, "matters/bundle.html", context)


def _stages(found: BundleView) -> list[dict[str, Any]]:
    """Return the stages; what only stands beside and was asked for begins with the first, as its days are counted."""
    asked = [one for one in found.beside if one.takes_part]
    rows = [
        (number, [*members, *(asked if place == 0 else ())]) for place, (number, members) in enumerate(found.stages)
    ]
    return [
        {
            "number": place,
            "at_once": sum(one.takes_part for one in members) > 1,
            "members": [_row(one) for one in members],
        }
        for place, (_number, members) in enumerate(rows, start=1)
    ]


def _packed(one: Packed) -> dict[str, Any]:
    return {
        "name": one.name,
        "is_brought": one.is_brought,
        "lines": [
            {
                "whose": whose or (_("申请人") if len(one.lines) > 1 else ""),
                "copies": copies_of(
                    asked.material.originals,
                    asked.material.copies,
                    asked.material.form,
                    checks_original=asked.material.view_original,
                ),
                "note": asked.material.necessity_note,
                "is_shareable": asked.material.is_shareable,
                "needed_by": asked.needed_by,
                "made_by": asked.made_by,
            }
            for whose, asked in one.lines
        ],
    }


def _row(member: MemberView) -> dict[str, Any]:
    return {
        "code": member.code,
        "name": member.name,
        "url": reverse("guide", args=[member.code]) if member.is_open else "",
        "condition": member.condition,
        "is_optional": member.is_optional,
        "takes_part": member.takes_part,
        "days": member.promised_days,
        "department": member.department,
        "is_sample": member.is_sample,
        "standing": member.standing,
    }


def _left_out(member: MemberView) -> str:
    if member.standing == "paused":
        return _("「%(name)s」暂停办理，没有算进去；要办的请问窗口何时恢复。") % {"name": member.name}
    return _("「%(name)s」已经取消，没有算进去；要办的请问窗口。") % {"name": member.name}


def _differs(found: BundleView) -> bool:
    """Whether less than everything was chosen, so that the days are not those of the list."""
    return found.declared_days is not None and found.days != found.declared_days
