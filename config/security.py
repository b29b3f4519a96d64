"""Headers for every page, and the end of a session that nobody uses."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
# The camera photographs paper at the counter; the rest of the machine is none of our business.
PERMISSIONS_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
RENEW_AFTER_SECONDS = 300


def headers(respond: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        # A view may be stricter: what people upload is served with a policy of its own.
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        # Counters share computers: a page is kept only if its view says so.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def idle_expiry(respond: Respond) -> Respond:
    """Renew the session at most every five minutes; a page that refreshes itself (X-Background) does not renew it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        session = request.session
        if "X-Background" not in request.headers and session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get("seen", 0) > RENEW_AFTER_SECONDS:
                session["seen"] = now
        return response

    return middleware
