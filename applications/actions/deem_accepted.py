"""视为受理: five working days of silence after the receipt, and the law has accepted."""

from __future__ import annotations

from django.db import transaction

from applications.actions._acceptance import accepting_organ, lines_of, silent_since, start_promise
from applications.actions._checks import listing
from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Refused


@transaction.atomic
def deem_accepted(application_id: int, *, actor: Actor) -> Application:
    """Record that the case counts as accepted since its receipt; the promise runs from that day.

    Only the system does it, and only when the acceptance limit is over. Raises Refused (`not_yet`, wrong state),
    NotFound, NotPermitted. Source: 行政许可法 §32(1)(4): not told in time, accepted from the day of receipt.
    """
    move = begin(application_id, Verb.DEEM_ACCEPTED, actor)
    if silent_since(move) is None:
        raise Refused("not_yet", "受理时限还没有届满。", cure="届满后系统会自动办理。")
    start_promise(move, listing(lines_of(move)))
    move.paper["organ"] = accepting_organ(move)
    return finish(move, reason="受理时限届满未受理也未一次性告知，自收到材料之日起即为受理")
