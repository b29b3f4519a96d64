"""The address where a case that has ended is rated, and the QR that opens it: printed on the paper handed over last."""

from __future__ import annotations

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from halls.site_address import whole_address

# The papers that go into the villager's hand when a case ends.
LAST_PAPERS = frozenset({"proof_of_delivery", "decline_decision", "withdrawal_notice", "termination_notice"})


def rating_path(number: str, code: str) -> str:
    """Return the path with the number and the code of the paper."""
    return reverse("rate", args=[f"{number}.{code}"])


def rating_qr(request: HttpRequest, number: str, code: str) -> SafeString:
    """Return the whole address as a picture (inline SVG, sized by the page)."""
    address = whole_address(request, rating_path(number, code))
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=_("评价的二维码")
    )
    return mark_safe(drawing)  # noqa: S308 - drawn here, from a number and our own address
