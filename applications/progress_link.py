"""The address of the public page of a case, and the QR that opens it: whoever holds the paper sees where it is."""

from __future__ import annotations

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from applications.sealing import query_token
from halls.site_address import whole_address


def progress_path(number: str) -> str:
    """Return the path with number and token, for a redirect."""
    return reverse("progress_by_token", args=[f"{number}.{query_token(number)}"])


def progress_url(request: HttpRequest, number: str) -> str:
    """Return the whole address, for those who open it elsewhere."""
    return whole_address(request, progress_path(number))


def progress_qr(request: HttpRequest, number: str) -> SafeString:
    """Return the address as a picture (inline SVG, sized by the page)."""
    drawing = segno.make(progress_url(request, number), error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=_("查询进度的二维码")
    )
    return mark_safe(drawing)  # noqa: S308 - drawn here, from a number and our own address
