"""From the rows of a clock to the facts its dates are derived from."""

from __future__ import annotations

from collections.abc import Iterable

from applications.domain.clock import ClockFacts, Fact, guide_budget
from applications.domain.transitions import ClockKind, ClockMove
from applications.models import Clock, ClockFact


def clock_facts(clock: Clock, ledger: Iterable[ClockFact], *, is_immediate: bool = False) -> ClockFacts:
    """Everything the dates of a clock depend on; `ledger`: its facts in order, `is_immediate`: of a 即办件."""
    return ClockFacts(
        kind=ClockKind(clock.kind),
        budget=guide_budget(clock.amount, clock.unit),
        facts=tuple(fact_of(fact) for fact in ledger),
        carried=clock.carried,
        is_alone=clock.is_alone,
        is_immediate=is_immediate,
    )


def fact_of(fact: ClockFact) -> Fact:
    given = guide_budget(fact.amount, fact.unit) if fact.amount is not None else None
    if fact.move == ClockMove.PAUSE:
        return Fact(ClockMove.PAUSE, fact.at, fact.granted_until, granted=given)
    return Fact(ClockMove(fact.move), fact.at, more=given)
