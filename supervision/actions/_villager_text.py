"""A text to a villager: their number, opened for this one text and written down, and the words."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from applications.models import AccessRecord, Applicant, Application
from applications.sealing import SealBroken
from halls.acting import system_actor
from halls.selectors.work_calendar import read_moment
from supervision.domain.voices import KIND_LABELS, Kind, VoiceVerb
from supervision.domain.wording import rating_text, voice_text
from supervision.models import Outbox, RatingAct, Voice, VoiceAct

_DONE: Final = {
    VoiceVerb.ACCEPT: "已受理",
    VoiceVerb.REFUSE: "不予受理，理由和可以走的途径已写明",
    VoiceVerb.EXTEND: "办理时间已延长",
    VoiceVerb.ANSWER: "已答复",
}
_DATED: Final = (VoiceVerb.ACCEPT, VoiceVerb.EXTEND)


class NoNumber(Exception):  # noqa: N818
    """Whoever this text is for gives no telephone any more."""


@transaction.atomic
def number_of(row: Outbox) -> str:
    """Open the villager's number for this one text, and write down that the machine did. Raises NoNumber."""
    try:
        if row.voice_act is not None:
            return _voices_number(row.voice_act)
        if row.rating_act is not None:
            return _applicants_number(row.rating_act.rating.application, "短信告知评价人处理结果")
        assert row.message is not None  # a constraint of the table
        case = row.message.application
        assert case is not None  # only letters about a case go to its applicant
        return _applicants_number(case, "短信告知申请人补正期限将到")
    except SealBroken as broken:
        raise NoNumber from broken


def _applicants_number(case: Application, reason: str) -> str:
    phone = Applicant.objects.get(application=case).open_phone()
    AccessRecord.objects.create(
        application=case,
        user_id=system_actor().user_id,
        kind=AccessRecord.Kind.REVEAL,
        reason=reason,
        at=read_moment().at,
    )
    return phone


def _voices_number(act: VoiceAct) -> str:
    voice = Voice.objects.select_for_update(no_key=True).get(pk=act.voice_id)
    machine = system_actor()
    VoiceAct.objects.create(
        voice=voice,
        verb=VoiceVerb.REVEAL,
        from_state=voice.state,
        to_state=voice.state,
        at=read_moment().at,  # stamped by the database
        user_id=machine.user_id,
        person_code=machine.person_code,
        words=f"发短信告知：{act.get_verb_display()}",
    )
    return voice.open_phone()


def words_about_voice(act: VoiceAct) -> str:
    """Return the text about an act of a complaint or inquiry."""
    verb, voice = VoiceVerb(act.verb), act.voice
    due = date.fromisoformat(act.more.rstrip("~")) if verb in _DATED else None
    kind = KIND_LABELS[Kind(voice.kind)]
    return voice_text(kind, voice.display_number, _DONE[verb], due, is_provisional=act.more.endswith("~"))


def words_about_rating(act: RatingAct) -> str:
    """Return the text about an act of a rating."""
    return rating_text(act.rating.application.display_number)
