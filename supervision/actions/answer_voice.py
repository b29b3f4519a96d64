"""答复: the result of a complaint, or the answer to an inquiry; its limit stops."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._terms import stop_term
from supervision.actions._voice import begin, record
from supervision.actions._words import sound_words
from supervision.domain.voices import Kind, Result, VoiceVerb
from supervision.models import VoiceAct


@transaction.atomic
def answer_voice(number: str, *, actor: Actor, words: str, result: str = "") -> VoiceAct:
    """Answer; of a complaint with its result, which issues the 处理结果告知书.

    Raises NotFound, NotPermitted, Invalid (no words, no result), Refused (`wrong_state`).
    """
    deed = begin(number, VoiceVerb.ANSWER, actor)
    is_inquiry = deed.voice.kind == Kind.INQUIRY
    if not is_inquiry and result not in set(Result):
        raise Invalid("result_missing", _("请选属实、部分属实还是不属实。"), field="result", cure=_("照查实的情况选。"))
    act = record(deed, sound_words(words, "words", _("答复")), ground="" if is_inquiry else result)
    stop_term(deed.term, deed.moment, actor=actor)
    return act
