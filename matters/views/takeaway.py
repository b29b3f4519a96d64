"""What one takes home from a guide: a page to print, a QR, a blank form, a sample."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.domain.errors import NotFound
from halls.serving import served, stored
from matters import printing
from matters.domain.guide_files import named_in
from matters.guide_link import guide_qr
from matters.models import GuideFile
from matters.permissions import may_edit
from matters.selectors import guide_paper
from matters.selectors.guide import Guide
from matters.views.guides import guide_or_404

# Public and small: a phone may keep it for a day.
PUBLIC = "public, max-age=86400"


@require_safe
def guide_short(request: HttpRequest, code: str) -> HttpResponse:
    """The guide on one sheet of A4."""
    guide = guide_or_404(code)
    paper = {
        "dense": True,
        "organ": guide.department,
        "title": _("%(name)s办事须知") % {"name": guide.name},
        "sample": guide_paper.sample_mark(guide),
        "facts": [{"term": term, "text": text} for term, text in _short_facts(guide)],
        "qr_svg": guide_qr(request, code, inline=True),
        "qr_note": _("手机扫码看完整指南。编码 %(code)s，第 %(n)d 版") % {"code": guide.code, "n": guide.version},
    }
    context = {"paper": paper, "page_title": paper["title"], "back_url": reverse("guide", args=[code])}
    return render(request, "base_print.html", context)


def _short_facts(guide: Guide) -> list[tuple[str, str]]:
    materials = [f"□ {guide_paper.material_line(material)}" for material in guide.materials]
    steps = " → ".join(f"{step.name}（{step.level_label}，{step.time}）" for step in guide.steps)
    facts = guide_paper.answers(guide)
    conditions = "\n".join(f"{number}. {one}" for number, one in enumerate(guide.conditions, start=1))
    return [
        facts[0],
        *([(_("受理条件"), conditions)] if conditions else []),
        (_("带什么"), "\n".join(materials) or _("不用带材料")),
        *facts[1:],
        (_("怎么走"), steps),
    ]


@require_safe
def guide_qr_file(request: HttpRequest, code: str) -> HttpResponse:
    """The QR of the guide as a picture, for notices that a hall makes itself."""
    guide_or_404(code)
    # Without an address that the county set, the picture follows the name that was asked under: nobody's to keep.
    kept = PUBLIC if settings.SITE_ADDRESS else "private, no-cache"
    headers = {"Cache-Control": kept, "Content-Disposition": f'inline; filename="{code}.svg"'}
    return HttpResponse(guide_qr(request, code), content_type="image/svg+xml", headers=headers)


@require_safe
def guide_file(request: HttpRequest, code: str, file_id: int) -> HttpResponse:
    """A blank form or a sample, saved and never shown as a page; what no published guide names, its editors alone."""
    rows = GuideFile.objects.select_related("matter__current", "matter__department")
    kept = rows.filter(pk=file_id, matter__code=code).first()
    is_public = kept is not None and _is_public(kept)
    if kept is None or not (is_public or _is_editor(request, kept)):
        raise NotFound(_("没有这个文件，可能已经换了新的。请回到办事指南重新下载。"))
    response = served(stored(kept.sha256), kept.media_type, kept.name, as_download=True)
    if is_public:
        response["Cache-Control"] = PUBLIC
    return response


def _is_public(kept: GuideFile) -> bool:
    guide = kept.matter.current
    return kept.replaced_at is None and guide is not None and kept.name in named_in(guide.content)


def _is_editor(request: HttpRequest, kept: GuideFile) -> bool:
    return request.user.is_authenticated and may_edit(acting_user(request.user), kept.matter.department)


@require_safe
def guide_blank(_request: HttpRequest, code: str, seq: int) -> HttpResponseBase:
    """A page to fill in for a material that asks for a form of which nobody gave us the file."""
    guide = guide_or_404(code)
    material = next((one for one in guide.materials if one.seq == seq and one.has_template), None)
    if material is None:
        raise NotFound(_("这项材料没有空表。"))
    data: dict[str, Any] = {
        "title": material.name,
        "matter": guide.name,
        "code": guide.code,
        "warning": _("示例　本表由系统按材料名称生成，非官方制式"),
        "fields": [_("姓名"), _("身份证号码"), _("住址"), _("联系电话"), _("家庭人口"), _("所在村（社区）")],
        "note": material.fill_note or _("写清楚要办什么、理由和自家情况；窗口有官方表格的，以官方表格为准。"),
    }
    path = printing.paper("blank", f"{guide.code}/{guide.version}/{seq}", lambda: data)
    return pdf(path, f"{material.name}-{_('填写参考')}.pdf")


def pdf(path: Any, name: str) -> FileResponse:
    """Return the paper, streamed from the disk."""
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "public, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response
