"""不予受理投诉: on one of the published grounds alone, with the reason, and with the way that is open instead."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._terms import stop_term
from supervision.actions._voice import begin, record
from supervision.actions._words import sound_words
from supervision.domain.voices import GROUND_LABELS, Ground, VoiceVerb
from supervision.models import VoiceAct

LONGEST_WAY = 200


@transaction.atomic
def refuse_voice(number: str, *, actor: Actor, ground: str, reason: str, instead: str = "") -> VoiceAct:
    """Refuse a complaint; issues the 不予受理告知书 and stops its limit.

    `instead`: where to turn; asked for unless evidence alone is missing. Raises NotFound, NotPermitted, Invalid,
    Refused (`wrong_state`). Source: 鞍政办发〔2020〕19号 第二十一条.
    """
    deed = begin(number, VoiceVerb.REFUSE, actor)
    if ground not in set(Ground):
        cure = "；".join(GROUND_LABELS.values())
        raise Invalid("unknown_ground", _("只能按公布的情形不予受理。"), field="ground", cure=cure)
    words = sound_words(reason, "reason", _("理由"))
    way = instead.strip()
    if ground != Ground.NO_EVIDENCE and not 0 < len(way) <= LONGEST_WAY:
        raise Invalid(
            "way_missing",
            _("请写明可以找哪里解决（200 字以内）。"),
            field="instead",
            cure=_("写出机关和途径，如：县人民法院，行政诉讼。"),
        )
    act = record(deed, words, more=way, ground=ground)
    stop_term(deed.term, deed.moment, actor=actor)
    return act
