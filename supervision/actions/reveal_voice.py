"""查看联系方式: name and telephone in the clear, for the handler alone, with a reason, always recorded."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid, Refused
from supervision.actions._voice import begin, record
from supervision.domain.voices import VoiceVerb


class Contact(NamedTuple):
    name: str
    phone: str


@transaction.atomic
def reveal_voice(number: str, *, actor: Actor, reason: str) -> Contact:
    """Return name and telephone, and write down who looked and why.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`anonymous`).
    """
    deed = begin(number, VoiceVerb.REVEAL, actor)
    if deed.voice.is_anonymous:
        raise Refused("anonymous", _("提出的人没有留姓名和电话。"), cure=_("答复会显示在查询页上。"))
    words = reason.strip()
    if not 2 <= len(words) <= 200:
        raise Invalid("reason_missing", _("请写明查看的原因。"), field="reason", cure=_("例如：电话核实情况。"))
    record(deed, words)
    return Contact(deed.voice.open_name(), deed.voice.open_phone())
