"""Finding the case a page is about, in the actor's own scope."""

from __future__ import annotations

from applications.domain.numbers import parse_case_number
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound


def case_of(actor: Actor, number: str) -> Application:
    """Return the case with what its page shows. Raises NotFound, the same for unknown and unseen."""
    try:
        number = parse_case_number(number)
    except Invalid:
        raise NotFound from None
    application = (
        Application.objects.visible_to(actor)
        .select_related("matter", "guide", "applicant", "hall", "seat_hall", "seat_department", "accepted_by")
        .filter(number=number)
        .first()
    )
    if application is None:
        raise NotFound
    return application
