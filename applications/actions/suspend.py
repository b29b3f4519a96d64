"""启动特别程序: a procedure of the guide (公示、现场踏勘 …) whose time the law does not count."""

from __future__ import annotations

from django.db import transaction

from applications.actions._clocks import Start
from applications.actions._move import Move, begin, finish
from applications.domain.clock import granted_until, guide_budget
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Clock
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused
from halls.domain.moments import end_of_day


@transaction.atomic
def suspend(
    application_id: int,
    *,
    actor: Actor,
    days: int | None = None,
    was_told: bool = False,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Pause the promise for the days the published guide grants this step, or fewer.

    What lasts longer than the granted days counts again. Raises Invalid (not told in writing, more
    days than the guide grants), Refused (`special_once`: this step had its procedure), NotFound,
    NotPermitted, Stale. Source: 行政许可法 §45: excluded, and the applicant is told in writing.
    """
    move = begin(application_id, Verb.SUSPEND, actor, version=version)
    step = move.position.current
    assert step is not None
    _require_first(move, step)
    granted = step.days if days is None else days
    if not 1 <= granted <= max(step.days, 1):
        raise Invalid(
            "days_out_of_range",
            f"本环节的特别程序最多 {step.days} {_unit(step)}。",
            field="days",
            cure="请填写不超过办事指南公布的天数。",
        )
    if not was_told:
        raise Invalid(
            "not_told",
            "启动特别程序前，必须把所需时间书面告知申请人。",
            field="was_told",
            cure="请先把告知书送达申请人，再登记为「已书面告知」。",
        )
    budget = guide_budget(granted, step.unit)
    move.granted_until = granted_until(move.moment.at, budget, move.moment.calendar)
    move.application.paused_until = end_of_day(move.granted_until)
    move.starts[ClockKind.SPECIAL] = Start(budget, step_seq=step.seq)
    told = {
        "kind": step.name,
        "days": granted,
        "unit": _unit(step),
        "until": move.granted_until.isoformat(),
    }
    move.detail |= told
    move.paper |= told
    return finish(move, reason=note)


def _require_first(move: Move, step: ApplicationStep) -> None:
    """One procedure per step of the case: going back and forth does not stretch the published days."""
    used = Clock.objects.filter(application=move.application, kind=ClockKind.SPECIAL, step_seq=step.seq)
    if used.exists():
        raise Refused(
            "special_once",
            f"「{step.name}」的特别程序已经用过，不能再次暂停计时。",
            cure="请办结本环节；确需延长的，依法办理延期。",
        )


def _unit(step: ApplicationStep) -> str:
    return "个自然日" if step.unit == "cd" else "个工作日"
