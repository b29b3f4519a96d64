"""Codes to rate with, drawn as the window does that prints the last paper."""

from applications.actions.draw_rating_ticket import draw_rating_ticket
from applications.domain.lifecycle import ENDED
from applications.models import Application
from halls.acting import acting_user
from halls.models import User

NO_CODE = "A" * 12


def rating_token(number: str) -> str:
    """A new code for the case, by whoever filed it, which voids the one before; of a running case one that is none."""
    case = Application.objects.get(number=number)
    if case.status not in ENDED:
        return NO_CODE
    return draw_rating_ticket(case.pk, actor=acting_user(User.objects.get(pk=case.filed_by_id)))
