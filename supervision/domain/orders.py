"""督办单: what may follow what, who answers for an organ, and how a number reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from halls.domain.duties import Duty

REPLY_DAYS: Final = 5  # working days, T12: issued -> replied
COUNTY_DEPTH: Final = 1  # county/
TOWNSHIP_DEPTH: Final = 2  # county/township/


class State(StrEnum):
    ISSUED = "issued"
    REPLIED = "replied"
    CLOSED = "closed"
    UNRECTIFIED = "unrectified"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    ISSUE = "issue"
    EXTEND = "extend"
    REPLY = "reply"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    GIVE_UP = "give_up"
    WITHDRAW = "withdraw"


STATE_LABELS: Final[dict[State, str]] = {
    State.ISSUED: "待回复",
    State.REPLIED: "待核验",
    State.CLOSED: "已办结",
    State.UNRECTIFIED: "未整改",
    State.WITHDRAWN: "已撤回",
}
ACT_LABELS: Final[dict[Act, str]] = {
    Act.ISSUE: "签发",
    Act.EXTEND: "延期",
    Act.REPLY: "回复",
    Act.ACCEPT: "核验通过，办结",
    Act.SEND_BACK: "退回重办",
    Act.GIVE_UP: "未整改，办结",
    Act.WITHDRAW: "撤回",
}
OPEN: Final = frozenset({State.ISSUED, State.REPLIED})
# After an act the order stands here, whatever came before; the database holds the same table (migration 0026).
STATE_AFTER: Final[dict[Act, State]] = {
    Act.ISSUE: State.ISSUED,
    Act.EXTEND: State.ISSUED,
    Act.REPLY: State.REPLIED,
    Act.ACCEPT: State.CLOSED,
    Act.SEND_BACK: State.ISSUED,
    Act.GIVE_UP: State.UNRECTIFIED,
    Act.WITHDRAW: State.WITHDRAWN,
}
# As the guides call them (`Department.organ`): the county's government stands above whoever watches for it, and
# 乡镇人民政府 in general is nobody in particular: each is ordered at its own hall.
NOT_ORDERED: Final = frozenset({"县人民政府", "乡镇人民政府(街道办事处)"})
LONGEST_WHY_LATE: Final = 300  # why an order is closed as rectified while its case is still late
VERIFYING: Final = frozenset({Act.ACCEPT, Act.SEND_BACK, Act.GIVE_UP})


@dataclass(frozen=True)
class Standing:
    """Where an order stands: its state, the acts so far, and whether its limit has run out."""

    state: State
    acts: tuple[Act, ...]
    is_over: bool


@dataclass(frozen=True)
class WhyNot:
    """Why an act is not possible now, and what to do instead."""

    code: str
    message: str
    cure: str


def why_not(act: Act, standing: Standing) -> WhyNot | None:
    """Return what keeps the act from being done; None where it may be done."""
    if standing.state not in OPEN:
        label = STATE_LABELS[standing.state]
        return WhyNot("order_ended", f"这张督办单{label}，不能再办理。", "请刷新页面，查看结果。")
    if act in VERIFYING:
        return _why_not_verify(act, standing)
    if standing.state is State.REPLIED:
        return WhyNot("order_replied", "这张督办单已经回复，正在等待核验。", "请刷新页面，查看回复。")
    if act is Act.EXTEND:
        return _why_not_extend(standing)
    if act is Act.WITHDRAW and Act.REPLY in standing.acts:
        return WhyNot("order_replied", "承办单位已经回复过，不能再撤回。", "请等待再次回复后核验。")
    return None


def _why_not_verify(act: Act, standing: Standing) -> WhyNot | None:
    if standing.state is State.ISSUED:
        if act is Act.GIVE_UP and standing.is_over:
            return None  # an organ that never answers does not keep its order open for ever
        return WhyNot(
            "order_not_replied", "承办单位还没有回复，不能核验。", "请等待回复；逾期不回复的，可以按未整改办结。"
        )
    if act is Act.SEND_BACK and Act.SEND_BACK in standing.acts:
        return WhyNot("sent_back_once", "已经退回过一次，不能再退。", "请核验通过，或者按未整改办结。")
    return None


def _why_not_extend(standing: Standing) -> WhyNot | None:
    if Act.EXTEND in standing.acts:
        return WhyNot("term_extended", "已经延期过一次，不能再延。", "请承办单位在现在的期限内回复。")
    if standing.is_over:
        return WhyNot("term_over", "期限已经过了，不能再延期。", "请承办单位尽快回复，并说明逾期原因。")
    return None


def answering_duty(organ: str) -> Duty:
    """Return the duty whose holder answers for the organ at this path.

    Whoever speaks for a bureau, a station, an office, a village or the county's hall decides there (首席代表, 所长,
    村负责人). A township's hall has a director of its own, who decides no case and watches over all of them.
    """
    is_township = "~" not in organ and organ.count("/") == TOWNSHIP_DEPTH
    return Duty.SUPERVISE if is_township else Duty.DECIDE


def organ_above(organ: str) -> str:
    """Return the node whose people answer where the organ has none of its own; "" at the top, below the county's hall.

    A township for its villages and offices, a bureau for its stations: never the county for a bureau or a township.
    """
    above = organ.rstrip("/").rpartition("/")[0]
    return f"{above}/" if above.count("/") >= COUNTY_DEPTH else ""


def issuing_node(organ: str, watched: tuple[str, ...]) -> str:
    """Return the highest node of the watch that covers the organ; "" for none."""
    return min((node for node in watched if organ.startswith(node)), key=len, default="")


def failed_at(due_at: datetime, stopped_at: datetime, closed_at: datetime) -> datetime:
    """Return when an unrectified order was failed: at the end of a limit that was missed, else when it was closed."""
    return due_at if stopped_at > due_at else closed_at


def order_number(year: int, serial: int, series: str = "") -> str:
    """督〔2026〕3号 of the county, 太和土家族乡督〔2026〕3号 of a township: each office counts for itself."""
    return f"{series}督〔{year}〕{serial}号"
