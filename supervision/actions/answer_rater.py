"""反馈、解释: whoever rated badly is told what was put right, or why there was no ground."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._ratings import begin, finish, sound_words
from supervision.domain.ratings import Act
from supervision.models import Rating


@transaction.atomic
def answer_rater(rating_id: int, *, actor: Actor, is_explained: bool, note: str) -> Rating:
    """Write down what the villager was told: what was put right, or (`is_explained`) why there was nothing to.

    Raises NotFound, NotPermitted, Invalid (`note`), Refused (`not_possible_now`).
    """
    act = Act.EXPLAIN if is_explained else Act.ANSWER
    return finish(begin(rating_id, act, actor), sound_words(note, "note", _("怎样告知评价人的")))
