"""What a paper is called: by what it is, and by the kind of matter it decides. Pure.

One place for the words of a decision: paper, list of papers, record, stair and the villager's page all ask here.
许可 is the word for permits alone (行政许可法 §38); the other kinds of power are refused under their own name, and of
a public service or another power nothing more is said than that it is not done.
"""

from __future__ import annotations

from typing import Final

PERMIT: Final = "行政许可"
REFUSAL: Final = "refusal_decision"
PAPER_TITLES: Final[dict[str, str]] = {
    "submission": "提交凭证",
    "receipt": "收件凭证",
    "supply_receipt": "补收凭证",
    "correction_notice": "补正材料一次性告知书",
    "acceptance_notice": "受理通知书",
    "decline_decision": "不予受理决定书",
    "special_notice": "特别程序告知书",
    "grant_decision": "办理结果通知书（准予）",
    REFUSAL: "不予办理决定书",
    "hand_over_list": "移交清单",
    "proof_of_delivery": "送达回证",
    "withdrawal_notice": "终止办理通知书",
    "extension_notice": "延期办理告知书",
    "termination_notice": "终止办理告知书",
}
# 事项类型 (GB/T 39046-2020 appendix A) that are refused under their own name.
_REFUSED: Final = {PERMIT: "不予行政许可", "行政给付": "不予给付", "行政确认": "不予确认", "行政奖励": "不予奖励"}


def refused_words(matter_kind: str) -> str:
    """What it means that an application of this kind is refused: 不予行政许可, 不予给付, 不予办理."""
    return _REFUSED.get(matter_kind, "不予办理")


def title_of(kind: str, matter_kind: str) -> str:
    """The title of a paper of this kind about a matter of that kind."""
    if kind == REFUSAL:
        return f"{refused_words(matter_kind)}决定书"
    if kind == "grant_decision" and matter_kind == PERMIT:
        return "准予行政许可决定书"
    return PAPER_TITLES.get(kind, kind)
