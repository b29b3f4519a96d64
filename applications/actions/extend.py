"""延长期限: once, before it expires, by the head of the deciding organ, with the reason told."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import Move, begin, finish
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from applications.permissions import require_another_person
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid, Refused

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
    if move.application.was_extended:
        raise Refused("extended_once", "期限只能延长一次, 本件已经延长过。", cure="请在延长后的期限内办结。")
    if not 1 <= days <= LONGEST:
        raise Invalid("days_out_of_range", f"最多延长 {LONGEST} 个工作日。", field="days", cure="请填 1 到 10。")
    if not was_told:
        raise Invalid(
            "not_told",
            "延长期限必须把理由告知申请人。",
            field="was_told",
            cure="告知后请勾选「已告知」; 告知书可在办件页打印。",
        )
    clocks = {kind: clock for kind in EXTENDABLE if (clock := move.case.clocks.get(kind)) is not None}
    _require_in_time(move, clocks)
    move.more = {kind: Budget(days) for kind, clock in clocks.items() if not _is_over(clock, move)}
    move.application.was_extended = True
    told = {"days": days, "clocks_extended": [kind.value for kind in move.more]}
    move.detail |= told
    move.paper |= {"days": days}
    return finish(move, reason=reason)


def _require_in_time(move: Move, clocks: dict[ClockKind, Clock]) -> None:
    """An extension is decided before the limit of the law expires, not after."""
    last = clocks.get(ClockKind.STATUTORY) or clocks.get(ClockKind.PROMISED)
    if last is None or _is_over(last, move):
        raise Refused("already_over", "期限已经届满, 不能再延长。", cure="请立即办理, 并向申请人说明超期原因。")


def _is_over(clock: Clock, move: Move) -> bool:
    return clock.due_at is not None and move.moment.at > clock.due_at
