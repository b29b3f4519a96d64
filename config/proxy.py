"""Who asks, when a proxy stands in front: limits of tries count clients, not the proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def client_address(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: put the client's own address into REMOTE_ADDR, as far as trusted proxies vouch for it.

    Only the entries that TRUSTED_PROXIES appended to X-Forwarded-For count, read from the right; whatever a client
    wrote there itself stands further left. Without trusted proxies the header is ignored.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        trusted = frozenset(settings.TRUSTED_PROXIES)
        address = request.META.get("REMOTE_ADDR", "")
        hops = request.headers.get("X-Forwarded-For", "").split(",") if address in trusted else []
        while hops and address in trusted:
            said = _address(hops.pop())
            if not said:
                break
            address = said
        request.META["REMOTE_ADDR"] = address
        return respond(request)

    return middleware


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
