"""调查处理: what was looked into and done, as often as there is something to write down."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.actions._voice import begin, record
from supervision.actions._words import sound_words
from supervision.domain.voices import VoiceVerb
from supervision.models import VoiceAct


@transaction.atomic
def investigate_voice(number: str, *, actor: Actor, words: str) -> VoiceAct:
    """Write down what was found; seen by the handlers alone.

    Raises NotFound, NotPermitted, Invalid (no words), Refused (`wrong_state`).
    """
    deed = begin(number, VoiceVerb.INVESTIGATE, actor)
    return record(deed, sound_words(words, "words", _("查了什么、查到什么")))
