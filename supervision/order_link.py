"""The QR on the papers of a supervision order: it opens the order for whoever may see it."""

from __future__ import annotations

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from halls.site_address import whole_address


def order_qr(request: HttpRequest, order_id: int) -> SafeString:
    """Return the address as a picture (inline SVG, sized by the page)."""
    address = whole_address(request, reverse("order", args=[order_id]))
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=_("打开督办单的二维码")
    )
    return mark_safe(drawing)  # noqa: S308 - drawn here, from a number and our own address
