"""Codes to rate with: whether one is that of the paper, and who printed the last."""

from __future__ import annotations

from applications.models import RatingTicket
from applications.sealing import rating_digest, same


def is_ticket(number: str, code: str) -> bool:
    """Whether this is the code that was printed last for the case: one statement."""
    newest = RatingTicket.objects.filter(application__number=number).order_by("-pk").values_list("digest", flat=True)
    digest = newest.first()
    return digest is not None and same(digest, rating_digest(number, code))


def drawings(application_id: int) -> list[RatingTicket]:
    """Every printing of a code for the case, the last one last: one statement."""
    return list(RatingTicket.objects.filter(application=application_id).select_related("user").order_by("pk"))
