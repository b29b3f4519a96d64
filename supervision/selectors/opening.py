"""Whether the page behind a message is open to whoever was told: people leave their posts, and cases their desks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from halls.acting import Actor
from supervision.selectors.bulletins import visible_bulletins
from supervision.selectors.orders import visible_orders
from supervision.selectors.ratings import visible_ratings
from supervision.selectors.urges import visible_urges
from supervision.selectors.voices import voice_asked_about, voice_read_whole

# The pages that messages lead to, by the rows that each of them opens; every other page asks for itself.
_ROWS: Final[dict[str, tuple[Callable[[Actor], QuerySet[Any]], ...]]] = {
    "order": (visible_orders,),
    "urge": (visible_urges,),
    "rating": (visible_ratings,),
    "bulletin": (visible_bulletins,),
}


def may_open(actor: Actor, page: str) -> bool:
    """Whether this page of our own (an address) shows the actor what it is about: at most two statements."""
    try:
        found = resolve(page)
    except Resolver404:
        return False
    if found.url_name == "voice":
        number = found.kwargs["number"]
        return voice_read_whole(actor, number) is not None or voice_asked_about(actor, number) is not None
    rows = _ROWS.get(found.url_name or "", ())
    if not rows:
        return True
    named = {("pk" if name.endswith("_id") else name): value for name, value in found.kwargs.items()}
    return any(visible(actor).filter(**named).exists() for visible in rows)
