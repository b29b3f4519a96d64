"""公开: what was bad and what was done about it, without names and numbers, for everybody to read."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._ratings import LONGEST, begin, finish, sound_note
from supervision.domain.public_words import masked
from supervision.domain.ratings import Act
from supervision.models import Rating
from supervision.selectors.rating_names import names_in


@transaction.atomic
def publish_rating(rating_id: int, *, actor: Actor, account: str) -> Rating:
    """Publish the account; names of this case and long numbers in it are hidden before it is kept.

    Raises NotFound, NotPermitted, Invalid (`account`), Refused (`not_possible_now`).
    """
    step = begin(rating_id, Act.PUBLISH, actor)
    words = sound_note(account, "note", _("公开的内容"))
    return finish(step, masked(words, names_in(step.rating))[:LONGEST])
