"""The names that must not stand in what is published about a rating."""

from __future__ import annotations

from applications.models import Document, Event
from supervision.models import Rating


def names_in(rating: Rating) -> frozenset[str]:
    """The applicant, whoever signed for the result, and everybody who worked on the case: two statements."""
    case = rating.application
    names = set(Event.objects.filter(application=case).values_list("actor_name", flat=True))
    for content in Document.objects.filter(application=case).values_list("content", flat=True):
        names |= {str(content[key]) for key in ("applicant", "receiver", "clerk") if content.get(key)}
    if case.applicant is not None:
        names.add(case.applicant.name)
    return frozenset(name for name in names if name)
