"""申诉: the rated or the responsible body finds a rating malicious or mistaken and says why; the county decides."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._ratings import begin, finish, sound_note
from supervision.domain.ratings import Act
from supervision.models import Rating


@transaction.atomic
def appeal_rating(rating_id: int, *, actor: Actor, reason: str) -> Rating:
    """Ask for the rating to be left out, once; it counts, and its limits run, until that is decided.

    Raises NotFound, NotPermitted, Invalid (`reason`), Refused (`not_possible_now`: closed or left out already,
    `done_already`, `own_finding`: whoever judged it).
    """
    step = begin(rating_id, Act.APPEAL, actor)
    return finish(step, sound_note(reason, "note", _("申诉的理由")))
