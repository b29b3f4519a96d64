"""补正完成: what the notice asked for is there; the window has five fresh days."""

from __future__ import annotations

from django.db import transaction

from applications.actions._clocks import Start
from applications.actions._move import begin, finish
from applications.actions.receive import ACCEPTANCE
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationMaterial
from halls.acting import Actor


@transaction.atomic
def supply(application_id: int, *, actor: Actor, note: str = "", version: int | None = None) -> Application:
    """Hand the corrected materials in; a new acceptance clock (T1) runs.

    The lines that were faulty await a new check. Raises NotFound, NotPermitted, Refused, Stale.
    """
    move = begin(application_id, Verb.SUPPLY, actor, version=version)
    check = ApplicationMaterial.Check
    move.application.materials.filter(check_result__in=(check.MISSING, check.WRONG)).update(
        check_result=check.UNCHECKED, declared=ApplicationMaterial.Declared.HAVE
    )
    move.starts[ClockKind.ACCEPTANCE] = Start(ACCEPTANCE)
    return finish(move, reason=note)
