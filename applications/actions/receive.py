"""收件: the window has the papers; the five days of acceptance begin."""

from __future__ import annotations

from django.db import transaction

from applications.actions._checks import listing
from applications.actions._clocks import Start
from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application
from halls.acting import Actor
from halls.domain.budget import Budget

ACCEPTANCE = Budget(5)  # 行政许可法 §32: told once within 5 working days, or deemed accepted


@transaction.atomic
def receive(application_id: int, *, actor: Actor, version: int | None = None) -> Application:
    """Take the papers in; the acceptance clock (T1) runs from the next working day.

    Raises NotFound, NotPermitted, Refused, Stale.
    """
    move = begin(application_id, Verb.RECEIVE, actor, version=version)
    move.application.received_at = move.moment.at
    move.starts[ClockKind.ACCEPTANCE] = Start(ACCEPTANCE)
    lines = move.application.materials.select_related("material").order_by("seq")
    move.paper["materials"] = listing(list(lines))
    return finish(move)
