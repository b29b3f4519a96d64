"""受理投诉: it is in the range of complaints; its limit has run since it was lodged."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from supervision.actions._voice import LONGEST, begin, kept_due, record
from supervision.domain.voices import VoiceVerb
from supervision.models import VoiceAct


@transaction.atomic
def accept_voice(number: str, *, actor: Actor, words: str = "") -> VoiceAct:
    """Accept a complaint; issues the 投诉受理告知书.

    Raises NotFound, NotPermitted (of the accused hall, or no duty there), Refused (`wrong_state`).
    Source: 鞍政办发〔2020〕19号 第二十一条.
    """
    deed = begin(number, VoiceVerb.ACCEPT, actor)
    return record(deed, words.strip()[:LONGEST], more=kept_due(deed.term))
