"""The life of a case: one frozen table, the only authority on what may happen next.

Pages draw their buttons from it, the API lists `available_verbs` from it, tests walk every status
with every verb, and `manage.py print_lifecycle` prints it into docs/lifecycle.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from applications.domain.transitions import CASE_CLOCKS, ClockKind, ClockMove, Effect, Place


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    CORRECTING = "correcting"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    GRANTED = "granted"
    REFUSED = "refused"
    READY = "ready"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


# Chinese label and state code of the national front-end library (rules of exchange, 2.5).
STATUS_LABELS: dict[Status, tuple[str, str]] = {
    Status.DRAFT: ("草稿", "01"),
    Status.SUBMITTED: ("已提交", "02"),
    Status.RECEIVED: ("收件", "02"),
    Status.CORRECTING: ("补正中", "06"),
    Status.DECLINED: ("不予受理", "07"),
    Status.IN_PROGRESS: ("在办", "08"),
    Status.SUSPENDED: ("挂起", "09"),
    Status.GRANTED: ("准予", "10"),
    Status.REFUSED: ("不予批准", "10"),
    Status.READY: ("待领取", "14"),
    Status.DELIVERED: ("已送达", "15"),
    Status.WITHDRAWN: ("已撤回", "13"),
}

ENDED = frozenset({Status.DECLINED, Status.DELIVERED, Status.WITHDRAWN})
UNDECIDED = frozenset(
    {
        Status.SUBMITTED,
        Status.RECEIVED,
        Status.CORRECTING,
        Status.IN_PROGRESS,
        Status.SUSPENDED,
    }
)
# Whatever is neither a draft nor at its end is somebody's work.
OPEN = frozenset(set(Status) - ENDED - {Status.DRAFT})


class Verb(StrEnum):
    DRAFT = "draft"
    SUBMIT = "submit"
    RECEIVE = "receive"
    REQUEST_CORRECTION = "request_correction"
    SUPPLY = "supply"
    ACCEPT = "accept"
    DECLINE = "decline"
    PASS_ON = "pass_on"  # noqa: S105 - an act, not a word of passage
    STEP_BACK = "step_back"
    SUSPEND = "suspend"
    RESUME = "resume"
    GRANT = "grant"
    REFUSE = "refuse"
    MAKE_RESULT = "make_result"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    EXTEND = "extend"
    TELL = "tell"
    DEEM_ACCEPTED = "deem_accepted"
    DEEM_WITHDRAWN = "deem_withdrawn"
    DEEM_CONSENT = "deem_consent"
    DEEM_RENEWED = "deem_renewed"
    RECALCULATE = "recalculate"


class StepKind(StrEnum):
    ACCEPT = "accept"
    REVIEW = "review"
    SPECIAL = "special"
    DECIDE = "decide"
    DELIVER = "deliver"
    INSTANT = "instant"


@dataclass(frozen=True)
class Transition:
    """One row: what the verb does, who may do it, where the duty is checked, what it costs in time.

    `step_kinds`: the verb is possible only at a step of these kinds (empty: the step is irrelevant).
    `final`: True = only at the last deciding step, False = never there, None = irrelevant.
    `by_system`: nobody presses this; time does it, by the rule the row cites.
    """

    verb: Verb
    label: str
    sources: frozenset[Status]
    target: Status | None  # None: the status stays
    duty: str | None  # None: the duty is the one of the current step
    place: Place
    clocks: tuple[Effect, ...] = ()
    document: str = ""
    basis: str = ""
    needs_reason: bool = False
    step_kinds: frozenset[StepKind] = frozenset()
    final: bool | None = None
    destructive: bool = False
    by_system: bool = False


def _row(verb: Verb, label: str, sources: set[Status], target: Status | None, **rest: object) -> Transition:
    return Transition(verb, label, frozenset(sources), target, **rest)  # type: ignore[arg-type]


_S = Status
_START, _STOP, _PAUSE, _RESUME = ClockMove.START, ClockMove.STOP, ClockMove.PAUSE, ClockMove.RESUME
_DECISION_CLOCKS = (ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.STEP)
_ALL_STOP = tuple(Effect(_STOP, kind) for kind in CASE_CLOCKS)
_NEXT_STEP = (Effect(_STOP, ClockKind.SPECIAL), Effect(_STOP, ClockKind.STEP), Effect(_START, ClockKind.STEP))
_DECIDED = (*(Effect(_STOP, kind) for kind in _DECISION_CLOCKS), Effect(_START, ClockKind.DELIVERY))

TABLE: tuple[Transition, ...] = (
    _row(
        Verb.SUBMIT, "提交", {_S.DRAFT}, _S.SUBMITTED,
        duty="file", place=Place.FILING, clocks=(Effect(_START, ClockKind.PRE_REVIEW),),
        document="submission", basis="行政许可法 第二十九条",
    ),
    _row(
        Verb.RECEIVE, "收件", {_S.SUBMITTED}, _S.RECEIVED,
        duty="accept", place=Place.ACCEPTANCE,
        clocks=(Effect(_STOP, ClockKind.PRE_REVIEW), Effect(_START, ClockKind.ACCEPTANCE)),
        document="receipt", basis="行政许可法 第三十二条",
    ),
    _row(
        Verb.REQUEST_CORRECTION, "发出一次性告知", {_S.RECEIVED}, _S.CORRECTING,
        duty="accept", place=Place.ACCEPTANCE,
        clocks=(Effect(_STOP, ClockKind.ACCEPTANCE), Effect(_START, ClockKind.SUPPLEMENT)),
        document="correction_notice", basis="行政许可法 第三十二条第一款第四项",
    ),
    _row(
        Verb.SUPPLY, "补正完成", {_S.CORRECTING}, _S.RECEIVED,
        duty="file", place=Place.FILING,
        clocks=(Effect(_STOP, ClockKind.SUPPLEMENT), Effect(_START, ClockKind.ACCEPTANCE)),
        document="supply_receipt", basis="行政许可法 第三十二条第一款第五项",
    ),
    _row(
        Verb.ACCEPT, "受理", {_S.RECEIVED}, _S.IN_PROGRESS,
        duty="accept", place=Place.ACCEPTANCE,
        clocks=(
            Effect(_STOP, ClockKind.ACCEPTANCE),
            *(Effect(_START, kind) for kind in _DECISION_CLOCKS),
        ),
        document="acceptance_notice", basis="行政许可法 第三十二条第一款第五项",
    ),
    _row(
        Verb.DECLINE, "不予受理", {_S.RECEIVED}, _S.DECLINED,
        duty="accept", place=Place.ACCEPTANCE, clocks=_ALL_STOP,
        document="decline_decision", basis="行政许可法 第三十二条第一款第一、二项",
        needs_reason=True, destructive=True,
    ),
    _row(
        Verb.PASS_ON, "办结本环节", {_S.IN_PROGRESS, _S.GRANTED}, None,
        duty=None, place=Place.STEP,
        clocks=_NEXT_STEP,
        basis="行政许可法 第三十四、三十五条",
        step_kinds=frozenset({StepKind.ACCEPT, StepKind.REVIEW, StepKind.SPECIAL, StepKind.DECIDE}),
        final=False,
    ),
    _row(
        Verb.STEP_BACK, "退回上一环节", {_S.IN_PROGRESS}, None,
        duty=None, place=Place.STEP,
        clocks=_NEXT_STEP,
        basis="行政许可法 第三十四条", needs_reason=True,
    ),
    _row(
        Verb.SUSPEND, "启动特别程序", {_S.IN_PROGRESS}, _S.SUSPENDED,
        duty=None, place=Place.STEP,
        clocks=(
            *(Effect(_PAUSE, kind) for kind in _DECISION_CLOCKS),
            Effect(_START, ClockKind.SPECIAL),
        ),
        document="special_notice", basis="行政许可法 第四十五条",
        step_kinds=frozenset({StepKind.SPECIAL}),
    ),
    _row(
        Verb.RESUME, "结束特别程序", {_S.SUSPENDED}, _S.IN_PROGRESS,
        duty=None, place=Place.STEP,
        clocks=(
            Effect(_STOP, ClockKind.SPECIAL),
            *(Effect(_RESUME, kind) for kind in _DECISION_CLOCKS),
        ),
        basis="行政许可法 第四十五条", step_kinds=frozenset({StepKind.SPECIAL}),
    ),
    _row(
        Verb.GRANT, "准予", {_S.IN_PROGRESS}, _S.GRANTED,
        duty=None, place=Place.STEP, clocks=_DECIDED,
        document="grant_decision", basis="行政许可法 第三十八条第一款",
        step_kinds=frozenset({StepKind.DECIDE, StepKind.INSTANT}), final=True,
    ),
    _row(
        Verb.REFUSE, "不予批准", {_S.IN_PROGRESS}, _S.REFUSED,
        duty=None, place=Place.STEP, clocks=_DECIDED,
        document="refusal_decision", basis="行政许可法 第三十八条第二款",
        needs_reason=True, step_kinds=frozenset({StepKind.DECIDE, StepKind.INSTANT}), final=True,
        destructive=True,
    ),
    _row(
        Verb.MAKE_RESULT, "制作结果", {_S.GRANTED}, _S.READY,
        duty="issue", place=Place.RESULT, basis="行政许可法 第三十九、四十四条",
    ),
    _row(
        Verb.HAND_OVER, "移交结果", {_S.READY, _S.REFUSED}, None,
        duty="issue", place=Place.RESULT, document="hand_over_list", basis="行政许可法 第四十四条",
    ),
    _row(
        Verb.TAKE_OVER, "签收移交", {_S.READY, _S.REFUSED}, None,
        duty="issue", place=Place.DESTINATION, basis="行政许可法 第四十四条",
    ),
    _row(
        Verb.DELIVER, "送达", {_S.READY, _S.REFUSED}, _S.DELIVERED,
        duty="issue", place=Place.RESULT, clocks=(Effect(_STOP, ClockKind.DELIVERY),),
        document="proof_of_delivery", basis="行政许可法 第四十四条",
    ),
    _row(
        Verb.WITHDRAW, "撤回申请", set(UNDECIDED), _S.WITHDRAWN,
        duty="file", place=Place.FILING, clocks=_ALL_STOP,
        document="withdrawal_notice", basis="申请人撤回", needs_reason=True, destructive=True,
    ),
    _row(
        Verb.EXTEND, "延长期限", {_S.IN_PROGRESS}, None,
        duty="decide", place=Place.DECISION,
        clocks=tuple(Effect(ClockMove.EXTEND, kind) for kind in _DECISION_CLOCKS),
        document="extension_notice", basis="行政许可法 第四十二条", needs_reason=True,
    ),
    _row(
        Verb.TELL, "告知申请人补正将到期", {_S.CORRECTING}, None,
        duty="file", place=Place.FILING, basis="一次性告知书载明的补正期限",
    ),
    _row(
        Verb.DEEM_ACCEPTED, "视为受理", {_S.RECEIVED}, _S.IN_PROGRESS,
        duty=None, place=Place.ACCEPTANCE,
        clocks=(Effect(_STOP, ClockKind.ACCEPTANCE), *(Effect(_START, kind) for kind in _DECISION_CLOCKS)),
        document="acceptance_notice", basis="行政许可法 第三十二条第一款第四项", by_system=True,
    ),
    _row(
        Verb.DEEM_WITHDRAWN, "视为撤回", {_S.CORRECTING}, _S.WITHDRAWN,
        duty=None, place=Place.FILING, clocks=_ALL_STOP,
        document="termination_notice", basis="公布的超时默认规则", needs_reason=True, by_system=True,
    ),
    _row(
        Verb.DEEM_CONSENT, "视为无异议", {_S.IN_PROGRESS}, None,
        duty=None, place=Place.STEP, clocks=_NEXT_STEP,
        basis="公布的超时默认规则", needs_reason=True,
        step_kinds=frozenset({StepKind.REVIEW}), final=False, by_system=True,
    ),
    # The status stays: a named person lets it go by granting. A pause (行政许可法 §45) keeps no permit from ending.
    _row(
        Verb.DEEM_RENEWED, "视为准予延续", {_S.IN_PROGRESS, _S.SUSPENDED}, None,
        duty=None, place=Place.STEP,
        basis="行政许可法 第五十条第二款", needs_reason=True, by_system=True,
    ),
    _row(
        Verb.RECALCULATE, "重算时限", set(_S) - {_S.DRAFT}, None,
        duty=None, place=Place.STEP, basis="国务院办公厅节假日安排通知", by_system=True,
    ),
)  # fmt: skip

BY_VERB: dict[Verb, Transition] = {row.verb: row for row in TABLE}

# 行政许可法 §32(1)(4): five working days after the receipt without a word the case counts as accepted. What is left is
# to record that, or the applicant's own wish; to send it back or to decline it is over.
AFTER_SILENCE: frozenset[Verb] = frozenset({Verb.ACCEPT, Verb.DEEM_ACCEPTED, Verb.WITHDRAW, Verb.RECALCULATE})

# Which duty a step asks for. At an instant step the counter itself decides (即办件, 首席代表).
STEP_DUTY: dict[StepKind, str] = {
    StepKind.ACCEPT: "accept",
    StepKind.REVIEW: "examine",
    StepKind.SPECIAL: "examine",
    StepKind.DECIDE: "decide",
    StepKind.INSTANT: "accept",
    StepKind.DELIVER: "issue",
}


@dataclass(frozen=True)
class StepFacts:
    """What the table needs to know about the step a case stands at."""

    kind: StepKind
    is_final_decision: bool
    has_previous: bool
    is_after_decision: bool = False


def is_possible(verb: Verb, status: Status, step: StepFacts | None) -> bool:
    """Whether the table allows the verb in this status at this step."""
    row = BY_VERB[verb]
    if status not in row.sources:
        return False
    if row.step_kinds and (step is None or step.kind not in row.step_kinds):
        return False
    if row.final is not None and (step is None or step.is_final_decision is not row.final):
        return False
    if verb is Verb.STEP_BACK:
        return step is not None and step.has_previous
    if verb is Verb.PASS_ON and status is Status.GRANTED:
        return step is not None and step.is_after_decision
    if verb is Verb.MAKE_RESULT:
        # Steps that the guide puts between decision and result (到场丈量批放) come first.
        return step is None or not step.is_after_decision
    return True


def duty_for(verb: Verb, step: StepFacts | None) -> str:
    """The duty the verb asks for: its own, or the one of the current step."""
    row = BY_VERB[verb]
    if row.duty is not None:
        return row.duty
    assert step is not None
    return STEP_DUTY[step.kind]
