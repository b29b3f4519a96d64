"""视为无异议: an internal step that kept silent beyond its days counts as having no objection."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.actions._route import enter
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused


@transaction.atomic
def deem_consent(application_id: int, *, actor: Actor, basis: str) -> Application:
    """Move the case on from a review step whose limit is over, as the published rule `basis` says.

    Never at a deciding step: what is granted, a person grants. Raises Refused (`not_yet`, `no_next_step`, wrong
    state or step), Invalid (no basis), NotFound, NotPermitted.
    """
    move = begin(application_id, Verb.DEEM_CONSENT, actor)
    if not basis.strip():
        raise Invalid("basis_missing", "没有公布的依据，不能视为无异议。", field="basis", cure="请先公布超时默认规则。")
    clock = move.case.clocks.get(ClockKind.STEP)
    if clock is None or clock.due_at is None or move.moment.at <= clock.due_at:
        raise Refused("not_yet", "本环节的时限还没有届满。", cure="届满后系统会自动办理。")
    current, following = move.position.current, move.position.after()
    if current is None or following is None:
        raise Refused("no_next_step", "指南里没有下一环节。", cure="请联系事项管理员核对办事指南。")
    move.detail |= {"step": [current.seq, current.name], "basis": basis}
    enter(move, following)
    return finish(move, reason=f"环节时限届满未办，依{basis}视为无异议")
