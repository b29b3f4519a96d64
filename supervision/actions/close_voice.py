"""反馈归档: the complainant was told the result; the complaint goes to the files."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._voice import LONGEST, begin, record
from supervision.domain.voices import Told, VoiceVerb, ways_to_tell
from supervision.models import VoiceAct


@transaction.atomic
def close_voice(number: str, *, actor: Actor, way: str, note: str = "") -> VoiceAct:
    """Write down how the complainant was told, and close.

    Raises NotFound, NotPermitted, Invalid (no way, no contact to tell by), Refused (`wrong_state`).
    """
    deed = begin(number, VoiceVerb.CLOSE, actor)
    if way not in set(Told):
        raise Invalid("way_missing", _("请选怎样告知的。"), field="way", cure=_("告知了再归档。"))
    if way == Told.PAGE and deed.voice.phone_sealed:
        raise Invalid("has_contact", _("投诉人留了电话，应当电话告知。"), field="way", cure=_("告知后再归档。"))
    if way not in ways_to_tell(has_name=bool(deed.voice.name_masked), has_phone=bool(deed.voice.phone_masked)):
        message = _("投诉人没有留可以这样告知的联系方式。")
        raise Invalid("no_contact", message, field="way", cure=_("请选在查询页告知。"))
    return record(deed, note.strip()[:LONGEST], ground=way)
