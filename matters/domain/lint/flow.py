"""Rules about the steps of a guide: their order, who decides, and what each of them must say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from matters.domain.catalogue import WORKING_DAY, MatterRecord
from matters.domain.lint.finding import Finding, LintContext, listed
from matters.domain.lint.rules import found
from matters.domain.routing import CENTRES, DECIDING

IMMEDIATE_DAYS, IMMEDIATE_STEPS = 1, 2
# Whoever decides an immediate case sits in the hall: its head, or the organ's chief representative at the window.
CHIEF_WORDS = ("首席代表", "窗口", "政务服务中心", "便民服务中心", "中心主任")
# What the law wants known before a decision; publicity of what was decided may follow it.
INQUIRIES = ("评审", "鉴定", "检验", "检测", "检疫", "听证", "勘", "评估", "调查", "核查", "审查", "征求意见")


def step_rules(record: MatterRecord, _context: LintContext) -> Iterator[Finding]:
    if not record.steps:
        return  # a missing element, told there
    yield from _order(record)
    yield from _decision(record)
    yield from _immediate(record)
    yield from _what_each_says(record)


def _order(record: MatterRecord) -> Iterator[Finding]:
    for index, step in enumerate(record.steps):
        if step.seq != index + 1:
            yield found(
                "steps-not-in-order", f"steps[{index}].seq", f"第 {index + 1} 个环节的序号是 {step.seq}。",
                "请按办理的先后从 1 编号。",
            )  # fmt: skip
    if record.steps[0].kind not in ("accept", "instant"):
        yield found(
            "first-step-is-not-acceptance", "steps[0].kind", f"第一个环节是“{record.steps[0].name}”，不是受理。",
            "请把受理放在第一个环节；受理以前的事不计入时限。",
        )  # fmt: skip
    names = Counter((step.name, step.level) for step in record.steps)
    for (name, _level), count in names.items():
        if count > 1 and name:
            yield found(
                "same-step-twice", "steps", f"环节“{name}”在同一层级写了 {count} 次。", "请合并，或写明各做什么。"
            )


def _decision(record: MatterRecord) -> Iterator[Finding]:
    deciding = [index for index, step in enumerate(record.steps) if step.kind in DECIDING]
    if not deciding:
        yield found("no-deciding-step", "steps", "没有作出决定的环节。", "请加上作出决定的环节。")
        return
    last = deciding[-1]
    level = record.steps[last].level
    if level and record.decision_level and level != record.decision_level:
        yield found(
            "decision-at-another-level", f"steps[{last}].level", "最后的决定环节不在决定层级。",
            "请让最后的决定环节与决定层级一致。",
        )  # fmt: skip
    for index, step in enumerate(record.steps[last + 1 :], start=last + 1):
        inquiry = step.kind == "special" and any(word in step.name for word in INQUIRIES)
        if step.kind in ("accept", "review") or inquiry:
            yield found(
                "work-after-the-decision", f"steps[{index}].seq", f"决定之后还有“{step.name}”。",
                "查明事实的环节应在决定以前；决定以后只有公示、制证和送达。",
            )  # fmt: skip


def _immediate(record: MatterRecord) -> Iterator[Finding]:
    promise = record.promised.amount
    if record.handling != "immediate":
        if promise == 0:
            yield found(
                "promised-but-immediate", "handling_type", "承诺时限是当场办结，办件类型却是承诺件。",
                "请改为即办件，或写明承诺天数。",
            )  # fmt: skip
        return
    if promise is not None and promise > IMMEDIATE_DAYS:
        yield found(
            "immediate-too-long", "promised_limit.days", f"即办件承诺 {promise} 个工作日。",
            "即办件应当场或当日办结；办不到的请改为承诺件。",
        )  # fmt: skip
    counted = [step for step in record.steps if step.counts_in_limit]
    if len(counted) > IMMEDIATE_STEPS:
        yield found(
            "immediate-too-many-steps", "steps", f"即办件有 {len(counted)} 个计入时限的环节。",
            "即办件不超过受理、决定两个环节，请合并或改为承诺件。",
        )  # fmt: skip
    for index, step in enumerate(record.steps):
        in_hall = step.actor in CENTRES or any(word in step.actor + step.standard for word in CHIEF_WORDS)
        if step.kind in DECIDING and step.actor and not in_hall:
            yield found(
                "immediate-not-decided-in-the-hall", f"steps[{index}].actor",
                f"即办件由“{step.actor}”决定，没有写明由窗口首席代表决定。",
                "请授权首席代表当场决定，并在办理机构或审查标准里写明。",
            )  # fmt: skip


def _what_each_says(record: MatterRecord) -> Iterator[Finding]:
    for index, step in enumerate(record.steps):
        if step.counts_in_limit and step.unit not in ("", WORKING_DAY):
            yield found(
                "counted-step-not-in-working-days", f"steps[{index}].unit",
                f"“{step.name}”计入承诺时限，却不按工作日计。", "请改为工作日，或不计入时限。",
            )  # fmt: skip
        if step.kind == "special" and not step.counts_in_limit and not step.days:
            yield found(
                "special-step-without-days", f"steps[{index}].days", f"特别程序“{step.name}”没有写需要多少天。",
                "请写明最长天数，到时书面告知申请人。",
            )  # fmt: skip
    judging = [step for step in record.steps if step.kind in ("review", "decide", "instant")]
    bare = [step.seq for step in judging if not step.standard]
    if bare and len(bare) < len(judging):  # none at all is a missing element
        yield found(
            "steps-without-standard", "steps", f"{listed(bare)}环节没有写审查标准。", "请写明审查什么、怎样算通过。"
        )
    silent = [step.seq for step in record.steps if not step.result]
    if silent:
        yield found(
            "steps-without-result", "steps", f"{listed(silent)}环节没有写办理结果。", "请写明每个环节出什么文书或意见。"
        )
