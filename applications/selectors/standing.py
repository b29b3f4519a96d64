"""How an actor stands to a case: works on it, deals with the applicant, or only watches."""

from __future__ import annotations

from applications.models import Application
from applications.selectors.position import Position
from halls.acting import Actor
from halls.domain.duties import Duty


def may_hand_out_code(actor: Actor, application: Application) -> bool:
    """Whether the actor may give the villager number and query code: who files, and who accepts."""
    return actor.holds(Duty.FILE, application.path) or (
        bool(application.accept_path) and actor.holds(Duty.ACCEPT, application.accept_path)
    )


def works_on(actor: Actor, application: Application, position: Position) -> bool:
    """Whether the actor has work with this case: whoever only watches sees no form, name or signature."""
    paths = (application.path, application.accept_path, *(step.path for step in position.steps))
    return any(path.startswith(prefix) for path in paths for prefix in actor.at_work.case_prefixes)
