"""Entering a step: the organ that holds the case now, and the slice of time that is its own."""

from __future__ import annotations

from dataclasses import replace

from applications.actions._clocks import Since, Start
from applications.actions._move import Move, seat_at
from applications.domain.clock import guide_budget, step_budget
from applications.domain.transitions import ClockKind
from applications.models import ApplicationStep
from applications.selectors.promises import CasePromise
from halls.domain.budget import Budget
from matters.models import MatterVersion

# 制证送达: 3 working days by local promise, 10 by 行政许可法 §44.
LOCAL_DELIVERY_DAYS = 3
LAWFUL_DELIVERY_DAYS = 10


def enter(move: Move, step: ApplicationStep) -> None:
    """Seat the case at the step and start its clock with what earlier steps left over.

    An extension (行政许可法 §42) is given to the case: what the step that had it did not need is left over as well.
    """
    seat_at(move.application, step)
    promised = move.case.clocks.get(ClockKind.PROMISED)
    used = more = 0
    if promised is not None and promised.pk is not None:
        facts = move.case.facts_of(promised)
        used = facts.days_used(move.moment.at, move.moment.calendar)
        more = sum(extension.amount for extension in facts.extensions)  # working days: `guard_act` knows no others
    slices = move.position.slices(_promised_days(move), move.application.guide.promised_days)
    before = sum(days for seq, days in slices.items() if seq < step.seq)
    budget, carried = step_budget(slices.get(step.seq, 0), before + more, used)
    move.starts[ClockKind.STEP] = Start(budget, step_seq=step.seq, carried=carried)


def _promised_days(move: Move) -> int:
    """What this case was promised: by the clock that runs, or by the one that this very act starts."""
    running, begun = move.case.clocks.get(ClockKind.PROMISED), move.starts.get(ClockKind.PROMISED)
    if begun is not None:
        return begun.budget.amount
    return running.amount if running is not None else move.application.guide.promised_days


def decision_clocks(guide: MatterVersion, promise: CasePromise, since: Since | None) -> dict[ClockKind, Start]:
    """The promised clock, and the statutory one where the law gives more time than the promise.

    The promised one names the decision of the hall that it rests on, where that is not the guide.
    """
    promised = Start(Budget(promise.days), since=since, promise=promise.number)
    if guide.statutory_amount is None:
        return {ClockKind.PROMISED: replace(promised, is_alone=True)}
    statutory = guide_budget(guide.statutory_amount, guide.statutory_unit)
    if statutory == promised.budget:
        return {ClockKind.PROMISED: replace(promised, is_alone=True)}
    return {ClockKind.PROMISED: promised, ClockKind.STATUTORY: Start(statutory, since=since)}


def leave_for_delivery(move: Move, *, is_granted: bool) -> None:
    """After the decision: the result lies where it was decided; what is left of the route follows.

    A refusal skips what the guide puts between decision and result (到场丈量批放): there is nothing to make.
    """
    application, current = move.application, move.position.current
    assert current is not None
    application.decided_at = move.moment.at
    application.result_path = application.seat_path
    left = [s for s in move.position.steps if s.seq > current.seq and (is_granted or not s.is_after_decision)]
    making = sum(s.days for s in left if s.is_after_decision and s.unit == "wd")
    move.starts[ClockKind.DELIVERY] = Start(Budget(min(LOCAL_DELIVERY_DAYS + making, LAWFUL_DELIVERY_DAYS)))
    go_on_to_delivery(move, left[0] if left else None)


def go_on_to_delivery(move: Move, step: ApplicationStep | None) -> None:
    """Stand at a step behind the decision.

    Only what the guide puts before the result (到场丈量批放) has an organ of its own; from then on the
    case is held by whoever holds the result, until it is handed over.
    """
    application = move.application
    if step is not None and step.is_after_decision:
        seat_at(application, step)
        return
    holder = next((s for s in move.position.steps if s.path == application.result_path), None)
    seat_at(application, holder)
    application.step_seq, application.step_kind = (step.seq, step.kind) if step else (None, "")
