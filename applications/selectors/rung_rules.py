"""Which rule set a warning or card of a clock, in words and with its citation."""

from __future__ import annotations

from collections.abc import Iterable

from applications.models import CardRule, Clock
from halls.domain.worktime import day_of


def rule_behind(clock: Clock, level: str, rules: Iterable[CardRule]) -> tuple[str, str]:
    """Return sentence and citation of the rule that was in force when the clock started; ("", "") for none."""
    started_on = day_of(clock.started_at)
    for rule in rules:
        held = rule.effective_on <= started_on and (rule.ended_on is None or started_on <= rule.ended_on)
        if held and rule.clock_kind == clock.kind and rule.level == level and _concerns(rule, clock):
            return _sentence(rule), rule.basis
    return "", ""


def _concerns(rule: CardRule, clock: Clock) -> bool:
    low, high = rule.min_amount, rule.max_amount
    is_in = (low is None or clock.amount >= low) and (high is None or clock.amount <= high)
    return is_in and (clock.is_alone or not rule.only_alone)


def _sentence(rule: CardRule) -> str:
    if rule.side == CardRule.Side.LEFT:
        return f"剩余不超过 {rule.days} 个工作日"
    if rule.side == CardRule.Side.TOTAL:
        return f"自起算满 {rule.days} 个工作日"
    if rule.is_multiple:
        return f"超过本时限的 {rule.days + 1} 倍"
    return f"超过期限 {rule.days} 个工作日以上" if rule.days else "超过期限"
