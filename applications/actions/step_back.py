"""退回上一环节: the step before has to look again; its clock is armed anew."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.actions._route import enter
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor


@transaction.atomic
def step_back(application_id: int, *, actor: Actor, reason: str, version: int | None = None) -> Application:
    """Return the case to the step before, with a reason. The promise to the villager runs on.

    Raises Invalid (no reason), Refused (there is no step before), NotFound, NotPermitted, Stale.
    """
    move = begin(application_id, Verb.STEP_BACK, actor, version=version)
    current, previous = move.position.current, move.position.before()
    assert current is not None
    assert previous is not None  # the table asked for one
    move.detail["step"] = [current.seq, current.name]
    enter(move, previous)
    return finish(move, reason=reason)
