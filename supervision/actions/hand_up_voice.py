"""转上一级: whoever cannot or should not handle it hands it up; the limit goes on."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from supervision.actions._terms import hand_term
from supervision.actions._voice import begin, duty_at, record, tell
from supervision.actions._words import sound_words
from supervision.domain.voices import KIND_LABELS, Keeper, Kind, VoiceVerb, above, root_of, spaced
from supervision.models import VoiceAct
from supervision.selectors.shield import keeper_of


@transaction.atomic
def hand_up_voice(number: str, *, actor: Actor, reason: str) -> VoiceAct:
    """Hand a complaint to the county's supervisors, an inquiry to the hall above.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`wrong_state`, `nobody_above`).
    """
    deed = begin(number, VoiceVerb.HAND_UP, actor)
    voice = deed.voice
    if voice.seat_path == root_of(voice.seat_path):
        raise Refused("nobody_above", _("已经在县级，没有上一级可转。"), cure=_("请在本级办理。"))
    words = sound_words(reason, "reason", _("转上一级的理由"))
    is_inquiry = voice.kind == Kind.INQUIRY
    voice.seat_path = above(voice.seat_path) if is_inquiry else root_of(voice.seat_path)
    voice.keeper = Keeper.SUPERVISOR if is_inquiry else keeper_of(voice, day_of(deed.moment.at))
    deed.moved += ["seat_path", "keeper"]
    act = record(deed, words)
    hand_term(deed.term, voice.seat_path, duty_at(voice))
    told = _("%(kind)s %(number)s 转到您这里，时限照算。")
    values = {"kind": KIND_LABELS[Kind(voice.kind)], "number": spaced(voice.number)}
    tell(voice, voice.seat_path, duty_at(voice), told % values, f"voice:{voice.pk}:up:{act.pk}", deed.moment)
    return act
