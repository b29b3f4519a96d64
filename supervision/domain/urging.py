"""催办: when a case may be urged, and how often. Pure."""

from __future__ import annotations

from typing import Final

from applications.domain.lifecycle import ENDED, STATUS_LABELS, Status
from supervision.domain.orders import WhyNot

MOST_A_DAY: Final = 3  # per case, whoever urges
_STANDS: Final = {
    Status.DRAFT: WhyNot("case_is_draft", "这件还没有提交，不能催办。", "请等提交以后再催。"),
    Status.SUSPENDED: WhyNot(
        "case_suspended", "这件正在特别程序中，承诺时限暂停计时，不能催办。", "请等恢复计时以后再催。"
    ),
    Status.CORRECTING: WhyNot(
        "case_waits_for_applicant", "这件正在等申请人补正，不在承办人手上，不能催办。", "请等补正完成以后再催。"
    ),
}


def why_not_urge(status: str) -> WhyNot | None:
    """Return why a case in this status is urged by nobody; None where it waits for somebody at work."""
    if status in ENDED:
        label = STATUS_LABELS[Status(status)][0]
        return WhyNot("case_ended", f"这件{label}，已经结束，不能催办。", "请刷新页面，查看结果。")
    return _STANDS.get(Status(status))


def why_not_again(urged_by_office: int, urged_today: int) -> WhyNot | None:
    """Return why the case is not urged once more: once a day by one office, so many times a working day in all."""
    if urged_by_office:
        return WhyNot("urged_today", "本单位今天已经催办过这件，一天只催一次。", "请明天再催；急需处理的，请发督办单。")
    if urged_today >= MOST_A_DAY:
        return WhyNot(
            "urged_enough",
            f"这件在本工作日已经被催办 {MOST_A_DAY} 次，不再催。",
            "请在办件记录里看承办人的答复；急需处理的，请发督办单。",
        )
    return None
