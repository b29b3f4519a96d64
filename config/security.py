"""Headers for every page, and the end of a session that nobody uses."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from halls.files import MAX_BYTES
from supervision.domain.voices import MOST_PHOTOS

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


# A stranger sends words; 40 papers of 10 MB are the most that somebody at work sends at once.
STRANGERS_BODY, LARGEST_BODY = 1_000_000, 420_000_000
# Whoever complains may add a few photos.
PHOTOS_BODY = MOST_PHOTOS * MAX_BYTES + STRANGERS_BODY
WITH_PHOTOS = ("voice_complain", "voice_repeat")


def bounded_body(respond: Respond) -> Respond:
    """Refuse a body that is too large by its own word, before anything reads it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > (LARGEST_BODY if known else _most_of_a_stranger(request)):
            return HttpResponse("内容过大，没有收下。", status=413, content_type="text/plain; charset=utf-8")
        return respond(request)

    return middleware


def _most_of_a_stranger(request: HttpRequest) -> int:
    takes_photos = request.method == "POST" and request.path in {reverse(name) for name in WITH_PHOTOS}
    return PHOTOS_BODY if takes_photos else STRANGERS_BODY


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
