"""Rules about fees, visits, refusals and timeout defaults: what it costs, and what one can do about a no."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matters.domain.catalogue import MatterRecord
from matters.domain.lint.finding import Finding, LintContext
from matters.domain.lint.rules import found
from matters.domain.timeout import PERMIT, Affair, Policy, Where, forbidden

# Acts of an organ that can refuse: reconsideration and a suit are open (行政复议法 §11, 行政诉讼法 §12).
REFUSABLE = ("行政确认", "行政给付", "行政奖励", "行政裁决", "行政征收", "其他行政权力")
_AMOUNT = re.compile(r"\d|[一二三四五六七八九十百千]+元|免收|免费|不收费")


def result_rules(record: MatterRecord, context: LintContext) -> Iterator[Finding]:
    yield from _fees(record)
    yield from _remedies(record)
    if record.onsite_visits and record.onsite_visits > 1 and not record.visits_note:
        yield found(
            "visits-without-reason", "visits_note", f"要到现场 {record.onsite_visits} 次，没有写理由。",
            "请写明每次为什么必须到场，或减到一次以内。",
        )  # fmt: skip
    if "证照" in record.result_kind and not record.result_validity:
        yield found(
            "licence-without-validity", "result.validity", f"结果“{record.result_name}”没有写有效期。",
            "请写有效期，没有期限的写“长期”。",
        )  # fmt: skip
    yield from _policies(record, context)


def _fees(record: MatterRecord) -> Iterator[Finding]:
    if record.fee_charged is False and record.fee_items:
        yield found(
            "fee-contradicts", "fee.charged", "写着不收费，又列了收费项目。", "请改正是否收费，或删去收费项目。"
        )
    if record.fee_charged and record.fee_standard and not record.fee_items and not _AMOUNT.search(record.fee_standard):
        yield found(
            "fee-without-amount", "fee.standard", f"收费标准“{record.fee_standard}”没有金额。", "请写明金额或计算办法。"
        )
    for index, item in enumerate(record.fee_items):
        if not item.standard or not (item.basis or record.fee_basis):
            yield found(
                "fee-item-incomplete",
                f"fee.items[{index}]",
                f"收费项目“{item.name}”缺少标准或依据。",
                "请补上标准和依据。",
            )


def _remedies(record: MatterRecord) -> Iterator[Finding]:
    if record.kind != PERMIT and record.kind not in REFUSABLE:
        return
    if not record.remedies:
        rule = "permit-without-remedies" if record.kind == PERMIT else "refusal-without-remedies"
        yield found(
            rule, "remedies", "没有写不予办理时怎样救济。",
            "请写明：60 日内申请行政复议、6 个月内提起行政诉讼，以及向哪个机关提出。",
        )  # fmt: skip
        return
    lacking = [word for word in ("复议", "诉讼") if word not in record.remedies]
    if lacking:
        yield found(
            "remedies-incomplete", "remedies", f"救济途径没有写行政{'、行政'.join(lacking)}。", "两条途径和期限都要写。"
        )


def _policies(record: MatterRecord, context: LintContext) -> Iterator[Finding]:
    affair = Affair(
        name=record.name,
        kind=record.kind,
        theme=record.theme,
        result=record.result_name,
        result_kind=record.result_kind,
        step_names=tuple(step.name for step in record.steps),
    )
    for line in context.policies:
        if not line.citation.strip():
            yield found(
                "timeout-without-basis", "timeout", "公布的超时默认没有依据。", "请写法律条款和本县公布的文号。"
            )
        if line.policy not in list(Policy) or line.place not in list(Where):
            continue
        if forbidden(Policy(line.policy), Where(line.place), affair, step_kind=line.step_kind):
            yield found(
                "timeout-not-allowed", "timeout", "按现在的指南，这个事项不能再适用已公布的超时默认。",
                "请另行公布“不适用”，或改为逾期报上一级处理。",
            )  # fmt: skip
