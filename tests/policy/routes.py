"""The URL table of the running project: every route with the methods it answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Route(NamedTuple):
    name: str
    method: str
    address: str


def all_routes() -> list[Route]:
    """Every (route, method), by name. HEAD and OPTIONS follow from GET."""
    return sorted(
        Route(pattern.name or address, method, address)
        for pattern, address in _patterns(get_resolver().url_patterns)
        for method in _methods(pattern.callback)
    )


def _patterns(patterns: Any, prefix: str = "/") -> Iterator[tuple[URLPattern, str]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern).lstrip("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, address)
        else:
            yield pattern, address


def _methods(view: Any) -> tuple[str, ...]:
    """What the view says it answers; a function that says nothing answers GET and POST alike."""
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if kind is not None:
        assert issubclass(kind, View)
        answered = set(kind.http_method_names)
        return tuple(method for method in METHODS if method.lower() in answered and hasattr(kind, method.lower()))
    while view is not None:
        cells = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
        if "request_method_list" in cells:
            allowed = cells["request_method_list"].cell_contents
            return tuple(method for method in METHODS if method in allowed)
        view = getattr(view, "__wrapped__", None)
    return ("GET", "POST")
