"""结束特别程序: the promise counts again."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import Move, begin, finish
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application
from applications.selectors.special import days_cut_off
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused
from halls.domain.worktime import SHANGHAI


@transaction.atomic
def resume(application_id: int, *, actor: Actor, note: str = "", version: int | None = None) -> Application:
    """End the special procedure; the clocks go on with what they had left.

    The system may do it only when the granted days are over; then the clock of the procedure (T5)
    goes on until the organ finishes the step. A person who ends a publicity before its last day is
    over says why, and the event says how many days were cut off. Raises Invalid (`ended_early`: no
    reason), Refused, NotFound, NotPermitted, Stale.
    """
    move = begin(application_id, Verb.RESUME, actor, version=version)
    until = move.application.paused_until
    if actor.is_system:
        if until is None or move.moment.at <= until:
            raise Refused("not_yet", "特别程序的批准天数还没有到期。", cure="到期后系统会自动恢复计时。")
        move.case.clocks.pop(ClockKind.SPECIAL, None)
        move.detail["effective_at"] = until.astimezone(SHANGHAI).isoformat()
    else:
        _tell_what_is_cut_off(move, note)
    return finish(move, reason=note or ("批准天数已满，自动恢复计时" if actor.is_system else ""))


def _tell_what_is_cut_off(move: Move, note: str) -> None:
    step = move.position.current
    left = days_cut_off(move.application, step, move.today)
    if left is None or step is None:
        return
    if not note.strip():
        raise Invalid(
            "ended_early",
            f"「{step.name}」还有 {left} 天没有满，提前结束必须写明理由。"
            if left
            else f"「{step.name}」的最后一天还没有过完，提前结束必须写明理由。",
            field="note",
            cure="请写清为什么提前结束，监察员会看到；没有理由的，请等期满后由系统自动结束。",
        )
    move.detail |= {"ended_early": left, "step": [step.seq, step.name]}
