"""What the address of a page says."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest

LONGEST = 64


def parameter(request: HttpRequest, name: str) -> str:
    """Return a parameter of the address, fit for the database."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, 1 when it is none."""
    text = request.GET.get("page", "")
    return int(text) if text.isdecimal() and text.isascii() and 0 < len(text) < 5 and int(text) else 1


def address(request: HttpRequest, **changes: object) -> str:
    """Return this page's address with some parameters changed; empty ones drop out."""
    query = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path
