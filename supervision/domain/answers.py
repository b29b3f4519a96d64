"""What whoever is asked, accused, rated or ordered owes, and by when (T9 to T12). Pure.

The same clocks as those of a case: a budget and facts in, dates out (`applications.domain.clock.derive`), under card
rules of the same kind. What starts and stops them comes with the inquiry, the complaint, the rating, the order.
Source: the county's default limits (规则表 1.8: 咨询 5, 投诉 3 至多 15, 差评 1 和 5, 督办回复 5 个工作日).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from applications.domain.clock import ClockFacts, Fact
from applications.domain.transitions import ClockKind, ClockMove
from halls.domain.budget import Budget
from halls.domain.errors import Invalid, Refused

LIMITS: Final[Mapping[ClockKind, Budget]] = {
    ClockKind.INQUIRY: Budget(5),
    ClockKind.COMPLAINT: Budget(3),
    ClockKind.RATING_CONTACT: Budget(1),
    ClockKind.RATING_RECTIFY: Budget(5),
    ClockKind.ORDER: Budget(5),
}
COMPLAINT_AT_MOST: Final = 15


def asked(kind: ClockKind, at: datetime) -> ClockFacts:
    """Return the clock that begins to run when somebody asks, complains, rates badly, or orders."""
    return ClockFacts(kind, LIMITS[kind], (Fact(ClockMove.START, at),))


def answered(clock: ClockFacts, at: datetime) -> ClockFacts:
    """Return the clock stopped by the answer. Raises Refused when it was answered before."""
    if clock.stopped_at is not None:
        raise Refused("answered_already", "已经答复过。", cure="请刷新页面, 查看答复。")
    return replace(clock, facts=(*clock.facts, Fact(ClockMove.STOP, at)))


def given_longer(clock: ClockFacts, at: datetime, days: int) -> ClockFacts:
    """Return a complaint's clock with `days` working days more: reasoned, told in time, fifteen in all.

    Raises Refused (no complaint, or extended before), Invalid (more than fifteen in all).
    """
    if clock.kind is not ClockKind.COMPLAINT or clock.extensions:
        raise Refused("not_extendable", "只有投诉可以延长一次办理期限。", cure="请在期限内答复。")
    if not 1 <= days <= COMPLAINT_AT_MOST - clock.budget.amount:
        most = COMPLAINT_AT_MOST - clock.budget.amount
        raise Invalid("days_out_of_range", f"投诉办理最多延长 {most} 个工作日。", field="days", cure="合计不超过 15。")
    return replace(clock, facts=(*clock.facts, Fact(ClockMove.EXTEND, at, more=Budget(days))))
