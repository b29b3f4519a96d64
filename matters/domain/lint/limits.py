"""Rules about time: the promise against the law, against the provincial platform, and against its own steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matters.domain.catalogue import SAMPLE_BASES, WORKING_DAY, Limit, MatterRecord
from matters.domain.lint.finding import Finding, LintContext
from matters.domain.lint.rules import found
from matters.domain.lint.spans import calendar_days, certain_working_days, ordinary_working_days
from matters.domain.timeout import PERMIT

PROMISE, STATUTE = "promised_limit.days", "statutory_limit"
PERMIT_DAYS = 20
UNIT_WORDS = {"wd": "个工作日", "cd": "个自然日", "mo": "个月", "y": "年"}


# 《X》第九条, or X条例第二十条.
_LAW_AND_ARTICLE = re.compile(
    r"(?:《[^》]{2,}》[^，。；]{0,12}|[\u4e00-\u9fff]{2,}(?:法|条例|办法|规定|规则|细则|决定)\s*)第[一二三四五六七八九十百千零〇\d]{1,8}条"
)


def limit_rules(record: MatterRecord, context: LintContext) -> Iterator[Finding]:
    yield from _erased(record.statutory, context.statute_in_force)
    promise = record.promised.amount
    if promise is not None:
        yield from _against_law(promise, record)
        yield from _against_province(promise, record.provincial)
        yield from _against_steps(promise, record)
        yield from _compression(promise, record, context.compression_target)
    if record.kind == PERMIT and record.statutory.unit == "cd":
        yield found(
            "permit-limit-in-calendar-days", f"{STATUTE}.unit",
            f"行政许可的法定时限写成 {record.statutory.amount} 个自然日。",
            "请核对原文：只写“日”的按工作日计；特别法明写自然日的，在说明里写明条款。",
        )  # fmt: skip
    for place, limit in ((STATUTE, record.statutory), ("promised_limit", record.promised)):
        if limit.amount is not None and limit.basis in SAMPLE_BASES:
            yield found(
                "figure-not-verified", f"{place}.basis",
                f"{_words(limit)}是示例数据，{_where_from(limit)}。",
                "请对照省实施清单或法条核对，再把数据来源改为公开指南或公开网页。",
            )  # fmt: skip


def _where_from(limit: Limit) -> str:
    return "取自别的县的公开指南，本县没有承诺过" if limit.basis == "borrowed" else "没有核对过正式来源"


def _erased(statute: Limit, in_force: Limit) -> Iterator[Finding]:
    if in_force.amount is None or statute.amount is not None or _LAW_AND_ARTICLE.search(statute.note):
        return
    yield found(
        "statute-erased", f"{STATUTE}.days", f"现行指南写着法定时限{_words(in_force)}，草稿删去了。",
        "请填回法定时限；法律已不再规定的，在法定时限说明里写明哪部法第几条，如：《某某条例》第九条。",
    )  # fmt: skip


def _words(limit: Limit) -> str:
    return f"{limit.amount} {UNIT_WORDS.get(limit.unit, limit.unit)}"


def _against_law(promise: int, record: MatterRecord) -> Iterator[Finding]:
    statute = record.statutory
    if statute.amount is None:
        if record.kind == PERMIT and promise > PERMIT_DAYS:
            yield found(
                "permit-promise-over-20", PROMISE,
                f"没有写法定时限，承诺 {promise} 个工作日超过一般许可的 20 个工作日。",
                "请写明特别法规定的时限，或把承诺缩短到 20 个工作日以内。",
            )  # fmt: skip
        return
    if statute.unit == WORKING_DAY:
        if promise > statute.amount:
            yield found(
                "promise-over-statute", PROMISE, f"承诺 {promise} 个工作日，超过法定的 {_words(statute)}。",
                f"请把承诺缩短到 {statute.amount} 个工作日以内。",
            )  # fmt: skip
        return
    days = calendar_days(statute.amount, statute.unit)
    ordinary, certain = ordinary_working_days(days), certain_working_days(days)
    if promise > ordinary:
        yield found(
            "promise-over-statute", PROMISE,
            f"承诺 {promise} 个工作日；法定的 {_words(statute)}遇上周末只有 {ordinary} 个工作日，会先到期。",
            f"请把承诺缩短到 {ordinary} 个工作日以内。",
        )  # fmt: skip
    elif promise > certain:
        yield found(
            "promise-over-statute-in-holidays", PROMISE,
            f"承诺 {promise} 个工作日；法定的 {_words(statute)}遇上春节等长假可能只有 {certain} 个工作日，会先到期。",
            f"请把承诺缩短到 {certain} 个工作日以内，或在办理说明里写明长假前的件按法定日期办结。",
        )  # fmt: skip


def _against_province(promise: int, province: Limit) -> Iterator[Finding]:
    if province.amount is None:
        return
    allowed = province.amount
    if province.unit != WORKING_DAY:
        allowed = ordinary_working_days(calendar_days(province.amount, province.unit))
    if promise > allowed:
        yield found(
            "promise-over-province", PROMISE, f"承诺 {promise} 个工作日，比省平台承诺的 {_words(province)}长。",
            f"请把承诺缩短到 {allowed} 个工作日以内。",
        )  # fmt: skip


def _against_steps(promise: int, record: MatterRecord) -> Iterator[Finding]:
    total = sum(step.days for step in record.steps if step.counts_in_limit)
    if record.steps and total != promise:
        yield found(
            "promise-is-not-the-steps", PROMISE,
            f"承诺 {promise} 个工作日，计入时限的环节合计 {total} 个工作日。", "请让承诺时限等于计入环节的天数之和。",
        )  # fmt: skip


def compression(record: MatterRecord) -> int | None:
    """Return by how many percent the promise is shorter than the law's limit, None when one of them has no figure.

    A limit in calendar days or months counts with its ordinary working days.
    """
    promise, statute = record.promised.amount, record.statutory
    if promise is None or not statute.amount:
        return None
    allowed = statute.amount
    if statute.unit != WORKING_DAY:
        allowed = ordinary_working_days(calendar_days(statute.amount, statute.unit))
    return round(100 * (allowed - promise) / allowed) if allowed else None


def _compression(promise: int, record: MatterRecord, target: int) -> Iterator[Finding]:
    percent = compression(record)
    if percent is not None and promise > 1 and 0 <= percent < target:
        yield found(
            "compression-below-target", PROMISE,
            f"承诺 {promise} 个工作日，比法定的 {_words(record.statutory)}压缩 {percent}%，目标是 {target}%。",
            "请看哪个环节可以缩短，或在说明里写明不能再压缩的理由。",
        )  # fmt: skip
