"""The address of a guide and the QR that opens it on a phone."""

from __future__ import annotations

import io

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from halls.site_address import whole_address


def guide_qr(request: HttpRequest, code: str, *, inline: bool = False) -> str:
    """Return the QR as SVG: a file of its own, or sized by the page it stands in."""
    address = whole_address(request, reverse("guide", args=[code]))
    drawing = segno.make(address, error="m", micro=False)
    title = _("打开办事指南的二维码")
    if inline:
        return str(drawing.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, title=title))
    out = io.BytesIO()
    drawing.save(out, kind="svg", border=2, scale=8, svgclass=None, lineclass=None, title=title, xmldecl=False)
    return out.getvalue().decode()
