"""公开问答: whoever answered may show question and answer on the guide of the matter; nobody's name is in them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions._voice import begin, record
from supervision.actions._words import sound_words
from supervision.domain.public_words import require_anonymous
from supervision.domain.voices import VoiceVerb
from supervision.models import VoiceAct


@transaction.atomic
def publish_answer(number: str, *, actor: Actor, question: str, answer: str) -> VoiceAct:
    """Publish under the matter the question was about, in words that the answerer made fit for everybody.

    Raises NotFound, NotPermitted, Invalid (a number or the asker's name in it), Refused (`wrong_state`, `no_matter`).
    """
    deed = begin(number, VoiceVerb.PUBLISH, actor)
    voice = deed.voice
    if voice.matter_id is None:
        raise Refused("no_matter", _("这件咨询没有对应的事项，没有指南可以公开。"), cure=_("只答复本人就可以了。"))
    if voice.is_published:
        raise Refused("published_already", _("已经公开过。"), cure=_("要改，请先撤下。"))
    names = [voice.open_name()]
    asked = require_anonymous(sound_words(question, "question", _("问题")), "question", names)
    told = require_anonymous(sound_words(answer, "answer", _("回答")), "answer", names)
    voice.is_published = True
    deed.moved.append("is_published")
    return record(deed, asked, more=told)


@transaction.atomic
def withdraw_answer(number: str, *, actor: Actor, reason: str) -> VoiceAct:
    """Take a published answer down; what was published stays on record.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`wrong_state`, `not_published`).
    """
    deed = begin(number, VoiceVerb.UNPUBLISH, actor)
    if not deed.voice.is_published:
        raise Refused("not_published", _("现在没有公开。"), cure=_("请刷新页面。"))
    words = sound_words(reason, "reason", _("撤下的理由"))
    deed.voice.is_published = False
    deed.moved.append("is_published")
    return record(deed, words)
