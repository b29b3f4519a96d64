"""反馈、解释: whoever rated badly is told what was put right, or why there was no ground."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._ratings import ask_another, begin, finish, sound_note
from supervision.domain.ratings import Act
from supervision.models import Rating
from supervision.permissions.ratings import require_other_judge


@transaction.atomic
def answer_rater(rating_id: int, *, actor: Actor, is_explained: bool, note: str) -> Rating:
    """Write down what the villager was told: what was put right, or (`is_explained`) why there was nothing to.

    To explain confirms that there is no ground; until then the rating counts. What was put right is revisited by
    somebody who did not call first: those above are told.
    Raises NotFound, NotPermitted, Invalid (`note`), Refused (`own_case`, `not_possible_now`, `own_finding`: whoever
    found that there is no ground does not confirm it).
    """
    step = begin(rating_id, Act.EXPLAIN if is_explained else Act.ANSWER, actor)
    if is_explained:
        require_other_judge(actor, step.rating)
    words = sound_note(note, "note", _("怎样告知评价人的"))
    if not is_explained:
        told = _("%(hall)s的一条差评已经整改、反馈，请由没有联系过评价人的人回访。")
        ask_another(step, told % {"hall": step.rating.hall.short_name}, "revisit")
    return finish(step, words)
