"""整改: whoever did the work says what was put right (谁办理谁负责)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._ratings import begin, finish, sound_note
from supervision.domain.ratings import Act
from supervision.models import Rating


@transaction.atomic
def rectify(rating_id: int, *, actor: Actor, note: str) -> Rating:
    """Write down what was done; the limit stops.

    Raises NotFound, NotPermitted, Invalid (`note`), Refused (`not_possible_now`).
    """
    return finish(begin(rating_id, Act.RECTIFY, actor), sound_note(note, "note", _("怎样整改的")))
