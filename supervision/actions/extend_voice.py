"""延期: a complicated complaint gets more days, once, fifteen working days in all, and the complainant is told why."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid
from supervision.actions._terms import extend_term
from supervision.actions._voice import begin, kept_due, record
from supervision.actions._words import sound_words
from supervision.domain.answers import COMPLAINT_AT_MOST
from supervision.domain.voices import VoiceVerb
from supervision.models import VoiceAct


@transaction.atomic
def extend_voice(number: str, *, actor: Actor, days: int, reason: str) -> VoiceAct:
    """Extend before the limit runs out; issues the 延期告知书, and the page to follow it shows day and reason at once.

    Raises NotFound, NotPermitted, Invalid (no reason, more than 15 in all), Refused (`wrong_state`, `term_extended`,
    `term_over`). Source: 鞍政办发〔2020〕19号 第二十二条.
    """
    deed = begin(number, VoiceVerb.EXTEND, actor)
    most = COMPLAINT_AT_MOST - deed.term.amount
    if not 1 <= days <= most:
        message = _("最多再延 %(most)d 个工作日，合计不超过 15 个。") % {"most": most}
        raise Invalid("days_out_of_range", message, field="days", cure=_("请改小。"))
    words = sound_words(reason, "reason", _("延期的理由"))
    extend_term(deed.term, Budget(days), deed.moment, actor=actor, reason=words[:500])
    return record(deed, words, ground=str(days), more=kept_due(deed.term))
