"""裁定申诉: the county's supervisor leaves a rating out, or lets it stand. Nothing is deleted."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._ratings import LONGEST, begin, finish, sound_note
from supervision.domain.public_words import masked
from supervision.domain.ratings import Act
from supervision.models import Rating
from supervision.selectors.rating_names import names_in


@transaction.atomic
def decide_appeal(rating_id: int, *, actor: Actor, is_excluded: bool, reason: str) -> Rating:
    """Exclude the rating: it stays visible with the reason, counts nowhere, and its limits stop. Or uphold it.

    Raises NotFound, NotPermitted, Invalid (`reason`), Refused (`own_case`, `no_appeal`, `done_already`,
    `same_person`, `own_finding`: whoever appealed, or judged the rating).
    """
    step = begin(rating_id, Act.EXCLUDE if is_excluded else Act.UPHOLD, actor)
    acts = {row.act: row for row in step.rating.acts.filter(act__in=(Act.APPEAL, Act.EXCLUDE, Act.UPHOLD))}
    if Act.APPEAL not in acts:
        raise Refused("no_appeal", _("没有人提出申诉。"), cure=_("请先由被评价的大厅或责任单位提出。"))
    if len(acts) > 1:
        raise Refused("done_already", _("这条申诉已经裁定。"), cure=_("请刷新页面，查看裁定。"))
    words = sound_note(reason, "note", _("裁定的理由"))  # public, with whatever was left out
    return finish(step, masked(words, names_in(step.rating))[:LONGEST])
