"""延长期限: once, before it expires, by the head of the deciding organ, with the reason told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from applications.permissions import require_another_person
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid, Refused
from halls.selectors.work_calendar import read_moment

LONGEST = 10  # 行政许可法 §42: ten working days more (joint handling, which has fifteen, is not open yet)
EXTENDABLE = (ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.STEP)


@transaction.atomic
def extend(
    application_id: int,
    *,
    actor: Actor,
    days: int,
    reason: str,
    was_told: bool = False,
    version: int | None = None,
) -> Application:
    """Give the case up to ten working days more.

    What is already over stays over: a broken promise is not mended by an extension. Raises Invalid (days out of
    range, not told, no reason), Refused (`extended_once`, `already_over`, `accepted_by_decider`), NotFound,
    NotPermitted, Stale. Source: 行政许可法 §42.
    """
    move = begin(application_id, Verb.EXTEND, actor, version=version)
    require_another_person(actor, move.application, move.position)
    _require_first(move.application)
    if not 1 <= days <= LONGEST:
        raise Invalid("days_out_of_range", f"最多延长 {LONGEST} 个工作日。", field="days", cure="请填 1 到 10。")
    if not was_told:
        raise Invalid(
            "not_told",
            "延长期限必须把理由告知申请人。",
            field="was_told",
            cure="请先把理由告诉申请人，再确认已告知；《延期办理告知书》随延长自动生成，之后在「文书」里打印送达。",
        )
    clocks = {kind: clock for kind in EXTENDABLE if (clock := move.case.clocks.get(kind)) is not None}
    _require_in_time(clocks, move.moment.at)
    move.more = {kind: Budget(days) for kind, clock in clocks.items() if not _is_over(clock, move.moment.at)}
    move.application.was_extended = True
    told = {"days": days, "clocks_extended": [kind.value for kind in move.more]}
    move.detail |= told
    move.paper |= {"days": days}
    return finish(move, reason=reason)


def require_extendable(application: Application) -> None:
    """Say before the form is filled in what no answer could mend. Raises Refused (`extended_once`, `already_over`)."""
    _require_first(application)
    open_ones = application.clocks.filter(kind__in=EXTENDABLE).exclude(state=Clock.State.STOPPED)
    _require_in_time({ClockKind(clock.kind): clock for clock in open_ones}, read_moment().at)


def _require_first(application: Application) -> None:
    if application.was_extended:
        raise Refused(
            "extended_once",
            "期限只能延长一次，本件已经延长过。",
            cure="请在延长后的期限内办结；办不完的，向申请人说明原因并尽快办结，不能再延长。",
        )


def _require_in_time(clocks: Mapping[ClockKind, Clock], at: datetime) -> None:
    """An extension is decided before the limit of the law expires, not after."""
    last = clocks.get(ClockKind.STATUTORY) or clocks.get(ClockKind.PROMISED)
    if last is None or _is_over(last, at):
        raise Refused("already_over", "期限已经届满，不能再延长。", cure="请立即办理，并向申请人说明超期原因。")


def _is_over(clock: Clock, at: datetime) -> bool:
    return clock.due_at is not None and at > clock.due_at
