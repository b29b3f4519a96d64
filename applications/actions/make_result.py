"""制作结果: the licence or approval exists and waits to be handed out."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from applications.selectors.county import county_of
from halls.acting import Actor
from halls.domain.errors import Invalid


@transaction.atomic
def make_result(
    application_id: int, *, actor: Actor, result_number: str = "", version: int | None = None
) -> Application:
    """Record that the result was made. Without a number of its own it takes the case's.

    Raises Invalid (number too long), NotFound, NotPermitted, Refused, Stale.
    """
    move = begin(application_id, Verb.MAKE_RESULT, actor, version=version)
    application = move.application
    number = result_number.strip()
    if len(number) > 64:
        raise Invalid("result_number", "文号不能超过 64 个字。", field="result_number", cure="请核对文号。")
    sign = county_of(application.path).sign
    application.result_number = number or f"{sign}政服证〔{move.today.year}〕{application.number}号"
    move.detail["result_number"] = application.result_number
    return finish(move)
