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
    DECISION = "decision"  # the organ of the last deciding step


class ClockKind(StrEnum):
    PRE_REVIEW = "pre_review"  # T2
    ACCEPTANCE = "acceptance"  # T1
    PROMISED = "promised"  # T3, the published promise
    STATUTORY = "statutory"  # T3, the limit of the law
    STEP = "step"  # T4
    SPECIAL = "special"  # T5
    DELIVERY = "delivery"  # T7
    SUPPLEMENT = "supplement"  # T8
    # Not of a case but of those who watch; supervision starts them.
    INQUIRY = "inquiry"  # T9
    COMPLAINT = "complaint"  # T10
    RATING_CONTACT = "rating_contact"  # T11, to call whoever rated badly
    RATING_RECTIFY = "rating_rectify"  # T11, to put it right
    ORDER = "order"  # T12


# The clocks that a case itself may have.
CASE_CLOCKS: tuple[ClockKind, ...] = (
    ClockKind.PRE_REVIEW,
    ClockKind.ACCEPTANCE,
    ClockKind.PROMISED,
    ClockKind.STATUTORY,
    ClockKind.STEP,
    ClockKind.SPECIAL,
    ClockKind.DELIVERY,
    ClockKind.SUPPLEMENT,
)

CLOCK_LABELS: dict[ClockKind, str] = {
    ClockKind.PRE_REVIEW: "网上预审",
    ClockKind.ACCEPTANCE: "受理时限",
    ClockKind.PROMISED: "承诺时限",
    ClockKind.STATUTORY: "法定时限",
    ClockKind.STEP: "环节时限",
    ClockKind.SPECIAL: "特别程序",
    ClockKind.DELIVERY: "制证送达",
    ClockKind.SUPPLEMENT: "补正期限",
    ClockKind.INQUIRY: "咨询答复",
    ClockKind.COMPLAINT: "投诉办理",
    ClockKind.RATING_CONTACT: "差评回访",
    ClockKind.RATING_RECTIFY: "差评整改",
    ClockKind.ORDER: "督办回复",
}


class ClockMove(StrEnum):
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"


@dataclass(frozen=True)
class Effect:
    """One verb's effect on one clock; stopping, pausing or extending a clock that does not run is nothing."""

    move: ClockMove
    kind: ClockKind
