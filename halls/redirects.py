"""Where to go back to: only ever a path of this site."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_path(request: HttpRequest, default: str = "/") -> str:
    """Return the path in the posted `next`, or the default when it leads elsewhere."""
    path = request.POST.get("next", "")
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if local else default
