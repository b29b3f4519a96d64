"""The small words of the lifecycle table: places, clocks, and what a verb does to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """The node at which a verb's duty must be held."""

    FILING = "filing"  # the hall where the case was filed
    ACCEPTANCE = "acceptance"  # the hall or station that accepts
    STEP = "step"  # the organ of the current step
    RESULT = "result"  # where the result lies
    DESTINATION = "destination"  # where a result on its way is expected


class ClockKind(StrEnum):
    PRE_REVIEW = "pre_review"  # T2
    ACCEPTANCE = "acceptance"  # T1
    PROMISED = "promised"  # T3, the published promise
    STATUTORY = "statutory"  # T3, the limit of the law
    STEP = "step"  # T4
    SPECIAL = "special"  # T5
    DELIVERY = "delivery"  # T7
    SUPPLEMENT = "supplement"  # T8


CLOCK_LABELS: dict[ClockKind, str] = {
    ClockKind.PRE_REVIEW: "网上预审",
    ClockKind.ACCEPTANCE: "受理时限",
    ClockKind.PROMISED: "承诺时限",
    ClockKind.STATUTORY: "法定时限",
    ClockKind.STEP: "环节时限",
    ClockKind.SPECIAL: "特别程序",
    ClockKind.DELIVERY: "制证送达",
    ClockKind.SUPPLEMENT: "补正期限",
}


class ClockMove(StrEnum):
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True)
class Effect:
    """One verb's effect on one clock; stopping or pausing a clock that does not run is nothing."""

    move: ClockMove
    kind: ClockKind
