"""视为撤回: what the one notice asked for did not come in time, though the villager was told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from applications.actions._acceptance import accepting_organ
from applications.actions._move import Move, begin, finish
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, Event
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid, Refused
from halls.domain.worktime import due

NOTICE = Budget(1)  # the villager has a full working day after being told


@transaction.atomic
def deem_withdrawn(application_id: int, *, actor: Actor, basis: str) -> Application:
    """End a case whose supplement did not come, as the published rule `basis` says.

    Only the system does it, after the supplement limit, and not before one working day has passed since somebody
    told the villager. Raises Refused (`not_yet`, `not_told`), Invalid (no basis), NotFound, NotPermitted.
    Source: a published local rule, e.g. 浙江 §11, 安阳 §36; the national law knows no such withdrawal.
    """
    move = begin(application_id, Verb.DEEM_WITHDRAWN, actor)
    if not basis.strip():
        raise Invalid("basis_missing", "没有公布的依据，不能视为撤回。", field="basis", cure="请先公布超时默认规则。")
    clock = move.case.clocks.get(ClockKind.SUPPLEMENT)
    if clock is None or clock.due_at is None or move.moment.at <= clock.due_at:
        raise Refused("not_yet", "补正期限还没有届满。", cure="届满后系统会自动办理。")
    told_at = _told_since(move, clock.started_at)
    if told_at is None:
        raise Refused("not_told", "还没有人告知申请人补正期限，不能视为撤回。", cure="请代办员先告知申请人并登记。")
    end = due(told_at, NOTICE, move.moment.calendar).due_at
    if end is None or move.moment.at <= end:
        raise Refused("not_yet", "告知申请人后还不满一个工作日。", cure="届满后系统会自动办理。")
    move.detail |= {"basis": basis, "told_at": told_at.isoformat()}
    move.paper |= {"basis": basis, "told_on": told_at.date().isoformat(), "organ": accepting_organ(move)}
    return finish(move, reason=f"补正期限届满未补正，依{basis}视为撤回申请")


def _told_since(move: Move, since: datetime) -> datetime | None:
    told = Event.objects.filter(application=move.application, verb=Verb.TELL, at__gte=since).order_by("seq").first()
    return told.at.astimezone(move.moment.at.tzinfo) if told else None
