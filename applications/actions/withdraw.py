"""撤回申请: the applicant does not want it any more."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor


@transaction.atomic
def withdraw(application_id: int, *, actor: Actor, reason: str, version: int | None = None) -> Application:
    """End the case at the applicant's wish, before any decision.

    Raises Invalid (no reason), Refused (already decided), NotFound, NotPermitted, Stale.
    """
    move = begin(application_id, Verb.WITHDRAW, actor, version=version)
    return finish(move, reason=reason)
