"""当场办结: an immediate matter (即办件) from the counter to the villager's hand in one go.

The same verbs as everywhere, one after the other in one transaction: either all of them happened,
each with its event, or none.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from applications.actions._checks import Finding
from applications.actions._move import lock, require_fresh
from applications.actions.accept import accept
from applications.actions.deliver import Handing, deliver
from applications.actions.grant import grant
from applications.actions.make_result import make_result
from applications.actions.receive import receive
from applications.domain.lifecycle import Status
from applications.models import Application
from applications.permissions import may_handle_immediately
from applications.selectors.position import position_of
from halls.acting import Actor
from halls.domain.errors import Refused


@transaction.atomic
def handle_immediately(
    application_id: int,
    findings: Mapping[int, Finding],
    handing: Handing,
    *,
    actor: Actor,
    version: int | None = None,
) -> Application:
    """Receive, accept, decide, make and deliver at the counter.

    Raises Refused (`not_immediate`: the matter takes steps elsewhere, or it is not its moment), and
    whatever the single verbs raise. Source: 即办件 complete and in legal form are decided on the
    spot, 行政许可法 §34(2).
    """
    application = lock(application_id, actor)
    require_fresh(application, version)
    if not may_handle_immediately(actor, application, position_of(application)):
        raise Refused(
            "not_immediate",
            "本件不能在这里当场办结。",
            cure="只有本窗口收件、指南规定即时办理的事项可以；请按环节逐步办理。",
        )
    if application.status == Status.SUBMITTED:
        receive(application_id, actor=actor)
    accept(application_id, findings, actor=actor)
    grant(application_id, actor=actor)
    make_result(application_id, actor=actor)
    return deliver(application_id, handing, actor=actor)
