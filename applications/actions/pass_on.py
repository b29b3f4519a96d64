"""办结本环节: the organ of this step is done, the next one begins."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.actions._route import enter, go_on_to_delivery
from applications.domain.lifecycle import Status, Verb
from applications.models import Application
from applications.permissions import require_another_person
from applications.selectors.special import is_unbegun
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused


@transaction.atomic
def pass_on(application_id: int, *, actor: Actor, opinion: str = "", version: int | None = None) -> Application:
    """Finish the current step with an opinion; days it did not need go to the later steps.

    A special step without its procedure (公示 …) is left only with a reason, and the event says so.
    Raises Invalid (`skipped`: no reason), Refused (`accepted_by_decider` at a deciding step, wrong
    state), NotFound, NotPermitted, Stale. Source: 行政许可法 §§34–35.
    """
    move = begin(application_id, Verb.PASS_ON, actor, version=version)
    application, current = move.application, move.position.current
    assert current is not None
    require_another_person(actor, application, move.position)
    following = move.position.after()
    move.detail["step"] = [current.seq, current.name]
    if is_unbegun(application, current):
        if not opinion.strip():
            raise Invalid(
                "skipped",
                f"「{current.name}」还没有启动特别程序，直接办结必须写明理由。",
                field="opinion",
                cure="请先启动特别程序；确实不需要的，请写清理由，监察员会看到。",
            )
        move.detail["skipped"] = True
    if application.status == Status.GRANTED:
        go_on_to_delivery(move, following)
    elif following is None:
        raise Refused("no_next_step", "指南里没有下一环节。", cure="请联系事项管理员核对办事指南。")
    else:
        enter(move, following)
    return finish(move, reason=opinion)
