"""核验通过: another person of the issuer's office finds the matter put right, and closes the order."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._orders import Held, hold, record, tell_act
from supervision.actions._words import sound_words
from supervision.domain.orders import LONGEST_WHY_LATE, Act
from supervision.models import OrderAct
from supervision.selectors.orders import case_light


@transaction.atomic
def accept_reply(order_id: int, *, actor: Actor, words: str, why_late: str = "") -> OrderAct:
    """Close the order as rectified. `why_late`: why so although its case is unfinished and late; kept with the words.

    Raises NotFound, NotPermitted (not the issuer's office), Invalid (no words; `still_late`), Refused
    (`order_not_replied`, `order_ended`, `same_person`).
    """
    held = hold(order_id, Act.ACCEPT, actor)
    text = sound_words(words, "words", _("核验意见"))
    row = record(held, Act.ACCEPT, text + _still_late(held, why_late))
    tell_act(row, held.moment)
    return row


def _still_late(held: Held, why: str) -> str:
    """What is written under the words about a case that is still late: its light then, and the reason given."""
    light = case_light(held.order, held.moment)
    if light is None or not light.is_red:
        return ""
    reason = why.replace("\0", "").strip()
    if not 0 < len(reason) <= LONGEST_WHY_LATE:
        raise Invalid(
            "still_late",
            _("办件还没有办结，而且%(words)s：按已整改了结，要写明理由（%(n)d 字以内）。")
            % {"words": light.words, "n": LONGEST_WHY_LATE},
            field="why_late",
            cure=_("写清为什么仍算已整改；没有整改到位的，请退回重办或按未整改办结。"),
        )
    said = _("核验时办件未办结，红灯，%(words)s。仍按已整改了结的理由：%(reason)s")
    return "\n" + said % {"words": light.words, "reason": reason}
