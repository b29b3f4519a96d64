"""转被投诉单位说明: the accused hall reads the handler's summary, never who complained nor in which words."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._voice import answering_at, asked_as, begin, record, tell
from supervision.actions._words import sound_words
from supervision.domain.public_words import is_copied, require_anonymous
from supervision.domain.voices import VoiceVerb
from supervision.models import VoiceAct


@transaction.atomic
def release_summary(number: str, *, actor: Actor, summary: str) -> VoiceAct:
    """Ask the accused hall to explain itself on a summary that names nobody.

    Raises NotFound, NotPermitted, Invalid (no words, somebody's number or name in them, the complainant's own words),
    Refused (`wrong_state`).
    """
    deed = begin(number, VoiceVerb.RELEASE, actor)
    voice = deed.voice
    words = require_anonymous(sound_words(summary, "summary", _("摘要")), "summary", [voice.open_name()])
    if is_copied(words, f"{voice.words}\n{voice.evidence}"):
        raise Invalid("own_words", _("摘要不能照抄投诉原文。"), field="summary", cure=_("请用自己的话概括要说明的事。"))
    voice.is_released = True
    deed.moved.append("is_released")
    act = record(deed, words)
    told = _("有一件投诉（%(number)s）请你单位说明情况。") % {"number": asked_as(voice)}
    tell(
        voice, voice.about_path, answering_at(voice.about_path), told, f"voice:{voice.pk}:release:{act.pk}", deed.moment
    )
    return act
