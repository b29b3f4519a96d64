"""回访: whether the villager is content with what was put right."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._ratings import begin, finish, require_looked, sound_note
from supervision.domain.ratings import Act
from supervision.models import Rating
from supervision.permissions.ratings import require_other_caller


@transaction.atomic
def revisit_rater(rating_id: int, *, actor: Actor, is_content: bool, note: str) -> Rating:
    """Write down whether the villager is content now, and what they said. The level that was given stays.

    Raises NotFound, NotPermitted, Invalid (`note`), Refused (`not_possible_now`, `own_contact`: whoever called first
    does not vouch for the end, `no_call`: they never looked at the number).
    """
    step = begin(rating_id, Act.REVISIT, actor)
    require_other_caller(actor, step.rating)
    require_looked(step)
    return finish(step, sound_note(note, "note", _("回访的情况")), is_content=is_content)
