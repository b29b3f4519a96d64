"""The addresses by which villagers come and come back: without a login, from a QR on a receipt or a board."""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from applications.sealing import query_token


def ticket_of(number: str) -> str:
    """Number and token with a dot between, as they stand in the address."""
    return f"{number}.{query_token(number)}"


def follow_path(number: str) -> str:
    return reverse("voice_by_token", args=[ticket_of(number)])


def speak_path(*, hall: str = "", case: str = "") -> str:
    """The page where one chooses to complain, ask or report, with hall or case filled in.

    Whoever comes from the paper of a case brings the proof that it is theirs: `case` as number.token.
    """
    asked = {name: value for name, value in (("hall", hall), ("case", ticket_of(case) if case else "")) if value}
    return f"{reverse('voices')}?{urlencode(asked)}" if asked else reverse("voices")


def case_asked(text: str) -> tuple[str, str]:
    """Number and proof, as `speak_path` put them into an address."""
    number, _dot, proof = text.partition(".")
    return number, proof


def qr_of(request: HttpRequest, path: str, title: str) -> SafeString:
    """Return the whole address as a picture (inline SVG, sized by the page)."""
    drawing = segno.make(request.build_absolute_uri(path), error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=title
    )
    return mark_safe(drawing)  # noqa: S308 - drawn here, from our own address
