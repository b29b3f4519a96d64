"""不予批准: decided against the applicant, with reasons and remedies."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.actions.grant import decide
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor


@transaction.atomic
def refuse(application_id: int, *, actor: Actor, reason: str, version: int | None = None) -> Application:
    """Decide against, in writing, with reasons; the paper names the remedies.

    Raises Invalid (no reason), Refused (`accepted_by_decider`, wrong state), NotFound,
    NotPermitted, Stale. Source: 行政许可法 §38(2).
    """
    move = begin(application_id, Verb.REFUSE, actor, version=version)
    decide(move, is_granted=False)
    return finish(move, reason=reason)
