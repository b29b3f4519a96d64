"""What a hall takes in: by township and village, as a board to hang up, as a booklet to lay out."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from halls.domain.errors import NotFound
from halls.models import Hall, Level
from halls.selectors.near import near
from halls.selectors.work_calendar import read_moment
from halls.site_address import site_address
from matters import printing
from matters.guide_link import guide_qr
from matters.selectors import guide_paper
from matters.selectors.guide import Guide
from matters.selectors.hall_shelf import HallShelf, begun_last, changed_last, count_of_hall, guides_of_hall, hall_shelf
from matters.views.guides import local_lines
from matters.views.parameters import address, page_number, parameter
from matters.views.takeaway import pdf

VOLUME = 300  # guides of one booklet
BOARD = 200  # matters on one page of the board


@require_safe
def guide_halls(request: HttpRequest) -> HttpResponse:
    """Every hall by township; the villages of the township that was chosen."""
    counties = Hall.objects.filter(tier=Level.COUNTY, retired_on__isnull=True).order_by("path")
    county = counties.values_list("code", "name").first() or ("", "")
    around = near(county[0], parameter(request, "township"), "", read_moment())
    shelf = f"{reverse('guide_list')}?hall="
    context = {
        "page_title": _("按大厅看事项"),
        "page_lead": _("选您那里的大厅，看它收哪些事项、什么时候开门。"),
        "county": {"name": county[1], "url": shelf + county[0]},
        "townships": [
            {"name": item.name, "url": address(request, township=item.code), "current": item.code == around.township}
            for item in around.townships
        ],
        "here": {"name": around.places[Level.TOWNSHIP].name, "url": shelf + around.township}
        if around.township
        else None,
        "villages": [{"name": item.name, "url": shelf + item.code} for item in around.villages],
        "breadcrumbs": [{"label": _("办事指南"), "url": reverse("guide_list")}, {"label": _("按大厅看")}],
    }
    return render(request, "matters/guide_halls.html", context)


def _hall_or_404(code: str) -> HallShelf:
    found = hall_shelf(code)
    if found is None:
        raise NotFound(_("没有这个大厅。"))
    return found


@require_safe
@gzip_page
def hall_board(request: HttpRequest, code: str) -> HttpResponse:
    """The eight things that a hall must make public about every matter (八公开), to read and to hang up."""
    hall = _hall_or_404(code)
    page = page_number(request)
    guides = guides_of_hall(hall, start=(page - 1) * BOARD, most=BOARD + 1)
    context = {
        "page_title": _("%(hall)s八公开") % {"hall": hall.name},
        "hall": hall,
        "rows": [_board_row(guide, hall) for guide in guides[:BOARD]],
        "booklet_url": reverse("hall_booklet", args=[code]),
        "prev_url": address(request, page=page - 1 if page > 2 else "") if page > 1 else "",
        "next_url": address(request, page=page + 1) if len(guides) > BOARD else "",
        "back_url": f"{reverse('guide_list')}?hall={code}",
        "today": hall.today,
    }
    return render(request, "matters/hall_board.html", context)


def _board_row(guide: Guide, hall: HallShelf) -> dict[str, Any]:
    """The eight, in the order of the decree."""
    return {
        "url": f"{reverse('guide', args=[guide.code])}?hall={hall.code}",
        "name": guide.name,
        "paused": guide_paper.paused_here(guide.here) if guide.here is not None and guide.here.paused_on else "",
        "local": local_lines(guide.here),
        "kind": f"{guide.kind}（{guide.handling_label}）",
        "law": guide.legal_bases,
        "materials": [material.name for material in guide.materials],
        "standards": guide_paper.standards(guide),
        "steps": [step.name for step in guide.steps],
        "limit": guide_paper.figure(guide),
        "statute": guide.statute.text,
        "statute_is_sample": guide.statute.is_sample,
        "fee": guide.fee,
        "fee_basis": guide.fee_basis,
        "power": guide_paper.window_power(guide, hall.tier),
    }


@require_safe
def hall_booklet(request: HttpRequest, code: str) -> HttpResponseBase:
    """The guides of a hall as a PDF; of more than VOLUME guides the volume asked for (?volume=2)."""
    hall = _hall_or_404(code)
    text = parameter(request, "volume") or "1"
    volume = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    volumes = -(-count_of_hall(hall.tier) // VOLUME)
    if not 1 <= volume <= volumes:
        raise NotFound(_("没有这一册；这个大厅的指南共 %(n)d 册。") % {"n": volumes})
    changed = changed_last(hall.tier)
    site = site_address(request)
    facts = hashlib.sha256(repr(hall).encode()).hexdigest()
    # A promise that was announced begins on its day, without a change then.
    key = f"{changed}/{begun_last()}/{facts}/{volume}/{site}"
    path = printing.paper("booklet", key, lambda: _booklet(request, hall, volume, volumes))
    suffix = _("-第%(n)d册") % {"n": volume} if volumes > 1 else ""
    return pdf(path, f"{hall.name}{_('办事指南汇编')}{suffix}.pdf")


def _booklet(request: HttpRequest, hall: HallShelf, volume: int, volumes: int) -> dict[str, Any]:
    guides = guides_of_hall(hall, start=(volume - 1) * VOLUME, most=VOLUME)
    facts = [(_("开放时间"), "；".join(hall.openings)), (_("电话"), hall.phone), (_("地址"), hall.address)]
    title = _("办事指南汇编")
    return {
        "title": title if volumes == 1 else f"{title}　{volume}/{volumes}",
        "hall": hall.name,
        "facts": [fact for fact in facts if fact[1]],
        "issued": f"{hall.today:%Y年%-m月%-d日}",
        "sample": _("含示例数据，未经本县核对") if any(guide_paper.sample_mark(guide) for guide in guides) else "",
        "guides": [_page(request, guide) for guide in guides],
    }


def _page(request: HttpRequest, guide: Guide) -> dict[str, Any]:
    return {
        "name": guide.name,
        "department": guide.department,
        "code": guide.code,
        "qr": guide_qr(request, guide.code),
        "facts": guide_paper.answers(guide),
        "sections": [
            {"title": one.title, "items": one.items, "numbered": one.numbered} for one in guide_paper.sections(guide)
        ],
        "note": "；".join(filter(None, (guide_paper.sample_mark(guide), *guide.sources[:1]))),
    }
