"""说明情况: the accused hall answers the handler's summary."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._voice import begin, duty_at, record, tell
from supervision.actions._words import sound_words
from supervision.domain.voices import VoiceVerb, spaced
from supervision.models import VoiceAct


@transaction.atomic
def explain_voice(number: str, *, actor: Actor, words: str) -> VoiceAct:
    """Explain what happened, for the handler.

    Raises NotFound (not asked), NotPermitted, Invalid (no words), Refused (`wrong_state`).
    """
    deed = begin(number, VoiceVerb.EXPLAIN, actor)
    act = record(deed, sound_words(words, "words", _("情况说明")))
    voice = deed.voice
    told = _("投诉 %(number)s 的被投诉单位已说明情况。") % {"number": spaced(voice.number)}
    tell(voice, voice.seat_path, duty_at(voice), told, f"voice:{voice.pk}:explain:{act.pk}", deed.moment)
    return act
