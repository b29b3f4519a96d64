"""不予批准: decided against the applicant, with reasons and remedies."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.actions.grant import decide
from applications.domain.lifecycle import Verb
from applications.models import Application
from applications.selectors.renewal import was_deemed_renewed
from halls.acting import Actor
from halls.domain.errors import Refused


@transaction.atomic
def refuse(application_id: int, *, actor: Actor, reason: str, version: int | None = None) -> Application:
    """Decide against, in writing, with reasons; the paper names the remedies.

    Raises Invalid (no reason), Refused (`accepted_by_decider`, `deemed_renewed`, wrong state), NotFound,
    NotPermitted, Stale. Source: 行政许可法 §38(2), §50(2).
    """
    move = begin(application_id, Verb.REFUSE, actor, version=version)
    if was_deemed_renewed(move.application):
        raise Refused(
            "deemed_renewed",
            "原许可有效期届满前没有作出决定，依法已视为准予延续，不能再不予批准。",
            cure="请由审批人放行（准予）；确有法定撤销情形的，另按行政许可法第六十九条的撤销程序办理。",
        )
    decide(move, is_granted=False)
    return finish(move, reason=reason)
