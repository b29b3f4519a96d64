"""准予: the organ in charge decides for the applicant."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import Move, begin, finish
from applications.actions._route import leave_for_delivery
from applications.domain.lifecycle import Verb
from applications.models import Application
from applications.permissions import require_another_person
from halls.acting import Actor


@transaction.atomic
def grant(application_id: int, *, actor: Actor, opinion: str = "", version: int | None = None) -> Application:
    """Decide in favour; the promise stops, making and delivering the result begins.

    Raises Refused (`accepted_by_decider`, wrong state), NotFound, NotPermitted, Stale.
    Source: 行政许可法 §38(1), §44.
    """
    move = begin(application_id, Verb.GRANT, actor, version=version)
    decide(move, is_granted=True)
    move.paper["result"] = move.application.guide.result_name
    return finish(move, reason=opinion)


def decide(move: Move, *, is_granted: bool) -> None:
    """What granting and refusing share: another person than the acceptor, and the way back."""
    application, current = move.application, move.position.current
    assert current is not None
    require_another_person(move.actor, application, move.position)
    move.detail["step"] = [current.seq, current.name]
    move.paper["organ"] = application.seat_name
    leave_for_delivery(move, is_granted=is_granted)
