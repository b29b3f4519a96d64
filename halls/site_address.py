"""The one address of this site, for what leaves it: codes on papers, in booklets, in answers to programs.

Whoever asks chooses the Host header, and a paper is kept for the next one who asks: what is printed must not follow it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def site_address(request: HttpRequest) -> str:
    """Return https://NAME as the county set it (SITE_ADDRESS).

    Without it, the name that the request came under, which is one of ALLOWED_HOSTS; a port only if we listen there.
    """
    if settings.SITE_ADDRESS:
        return str(settings.SITE_ADDRESS)
    name, port = split_domain_port(request.get_host())
    usual = "443" if request.is_secure() else "80"
    is_own = port not in ("", usual) and port == request.META.get("SERVER_PORT")
    return f"{request.scheme}://{name}{f':{port}' if is_own else ''}"


def whole_address(request: HttpRequest, path: str) -> str:
    """Return the address of a path on this site, for those who open it elsewhere."""
    return site_address(request) + path
