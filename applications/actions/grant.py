"""准予: the organ in charge decides for the applicant."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import Move, begin, finish
from applications.actions._route import leave_for_delivery
from applications.domain.lifecycle import Verb
from applications.models import Application, ApplicationStep
from applications.permissions import require_another_person
from halls.acting import Actor
from halls.models import Level


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
    move.paper["organ"] = deciding_organ(current)
    move.paper["is_immediate"] = application.guide.is_immediate
    leave_for_delivery(move, is_granted=is_granted)


def deciding_organ(step: ApplicationStep) -> str:
    """Whose decision it is in law: an office of a township speaks for its government."""
    department = step.department
    if department is not None and department.kind != department.Kind.OFFICE:
        return department.name.removesuffix("(片区所)")
    division = step.hall.division
    if division.level == Level.TOWNSHIP:
        street = division.name.endswith("街道")
        county = division.parent.name if division.parent else ""
        return f"{county}{division.name}办事处" if street else f"{county}{division.name}人民政府"
    return division.name
