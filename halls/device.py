"""Which devices somebody worked at lately: a signed cookie that outlives the session, and says nothing of whom."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

COOKIE = "worked_here"
KEPT_SECONDS = 24 * 3600
RENEWED_SECONDS = 3600


def mark_device(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: set the mark on whatever carries a session of somebody at work, once an hour."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_marked(request, RENEWED_SECONDS):
            return response
        if SESSION_KEY in request.session:
            response.set_signed_cookie(
                COOKIE, "1", max_age=KEPT_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response

    return middleware


def worked_here_lately(request: HttpRequest) -> bool:
    """Whether somebody worked at this device within a day; whoever empties its cookies is not found out."""
    return _is_marked(request, KEPT_SECONDS)


def _is_marked(request: HttpRequest, seconds: int) -> bool:
    return bool(request.get_signed_cookie(COOKIE, default="", max_age=seconds))
