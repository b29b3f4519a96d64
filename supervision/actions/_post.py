"""Write what people are told: a message each, and a text where a channel reaches them. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from applications.models import Application
from halls.models import User
from halls.selectors.work_calendar import Moment
from supervision.channels import channel_for_applicants, channel_for_staff
from supervision.domain.quiet import next_opening
from supervision.domain.wording import fit
from supervision.models import Message, Outbox, RatingAct, VoiceAct


@dataclass(frozen=True)
class Letter:
    """What one person is to be told; `to_applicant`: the villager gets a text about it too."""

    user_id: int
    key: str
    kind: str
    words: str
    application: Application | None = None
    clock_id: int | None = None
    level: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    to_applicant: bool = False


def post(letters: Sequence[Letter], moment: Moment) -> int:
    """Write the letters that their readers do not have yet; return how many. At most four statements.

    Nobody gets the same key twice: whoever lets two writers at the same letter loses one of the two transactions.
    """
    wanted = {(letter.user_id, letter.key): letter for letter in reversed(letters)}
    had = set(
        Message.objects.filter(
            user_id__in={user for user, _key in wanted}, key__in={key for _user, key in wanted}
        ).values_list("user_id", "key")
    )
    new = [letter for name, letter in reversed(wanted.items()) if name not in had]
    if not new:
        return 0
    messages = Message.objects.bulk_create([_message(letter, moment) for letter in new])
    _address(new, messages, moment)
    return len(messages)


def text_villager(moment: Moment, *, voice_act: VoiceAct | None = None, rating_act: RatingAct | None = None) -> None:
    """Let whoever complained, asked or rated have a text about this act; quiet until the office opens.

    Call it where they left a telephone, once for an act. Without a channel that reaches villagers there is none.
    """
    if channel := channel_for_applicants():
        opening = next_opening(moment.at, moment.calendar)
        about = {"voice_act": voice_act, "rating_act": rating_act}
        Outbox.objects.create(**about, channel=channel, not_before=opening, next_try_at=opening)


def _message(letter: Letter, moment: Moment) -> Message:
    return Message(
        user_id=letter.user_id,
        kind=letter.kind,
        level=letter.level,
        application=letter.application,
        clock_id=letter.clock_id,
        words=fit(letter.words),
        detail=letter.detail,
        key=letter.key,
        made_at=moment.at,
    )


def _address(letters: Sequence[Letter], messages: Sequence[Message], moment: Moment) -> None:
    """Put the texts into the outbox: quiet until the office opens."""
    to_staff, to_applicants = channel_for_staff(), channel_for_applicants()
    if not to_staff and not to_applicants:
        return
    reachable = set(
        User.objects.filter(pk__in={letter.user_id for letter in letters})
        .exclude(phone="")
        .values_list("pk", flat=True)
    )
    opening = next_opening(moment.at, moment.calendar)
    texts: dict[tuple[int, int | None], Outbox] = {}
    told_of: set[str] = set()
    for letter, message in zip(letters, messages, strict=True):
        if to_staff and letter.user_id in reachable:
            texts[message.pk, letter.user_id] = _text(message, to_staff, opening, letter.user_id)
        # However many clerks get the task, the villager gets one text.
        if to_applicants and letter.to_applicant and letter.key not in told_of:
            told_of.add(letter.key)
            texts[message.pk, None] = _text(message, to_applicants, opening)
    Outbox.objects.bulk_create(texts.values())


def _text(message: Message, channel: str, opening: datetime, user_id: int | None = None) -> Outbox:
    return Outbox(message=message, user_id=user_id, channel=channel, not_before=opening, next_try_at=opening)
