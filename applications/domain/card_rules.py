"""The rules of warnings and cards (预警、黄牌、红牌): typed and range-checked data, never an expression. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.domain.budget import MAX_AMOUNT
from halls.domain.errors import Invalid


class Level(StrEnum):
    WARNING = "warning"
    YELLOW = "yellow"
    RED = "red"


class Side(StrEnum):
    LEFT = "left"  # no more than this is left
    OVER = "over"  # this much behind the due date
    TOTAL = "total"  # this much since the start


class Measure(StrEnum):
    WORKING_DAY = "wd"
    WORKING_HOUR = "wh"
    PERCENT = "pct"  # of the clock's whole budget
    MULTIPLE = "multiple"  # of the clock's own budget, without what earlier steps handed on


LEVEL_LABELS: Final = {Level.WARNING: "预警", Level.YELLOW: "黄牌", Level.RED: "红牌"}
# What a rule can say, and how far the number may go. Anything else is no rule.
RANGES: Final[dict[tuple[Side, Measure], tuple[int, int]]] = {
    (Side.LEFT, Measure.WORKING_DAY): (0, 250),
    (Side.LEFT, Measure.WORKING_HOUR): (1, 80),
    (Side.LEFT, Measure.PERCENT): (1, 99),
    (Side.OVER, Measure.WORKING_DAY): (0, 250),
    (Side.OVER, Measure.MULTIPLE): (1, 9),
    (Side.TOTAL, Measure.WORKING_DAY): (1, 250),
    (Side.TOTAL, Measure.PERCENT): (1, 99),
}


@dataclass(frozen=True)
class Rule:
    """One row: at `value` on its side of the due date, the clock reaches its level.

    Raises Invalid for a number, range or combination that RANGES does not know.
    """

    clock: ClockKind
    level: Level
    side: Side
    value: int
    unit: Measure = Measure.WORKING_DAY
    # The rule holds for budgets in this range; None is open.
    min_amount: int | None = None
    max_amount: int | None = None
    # Only where no later statutory limit stands behind the clock.
    only_alone: bool = False
    # Only for 即办件, and there instead of the rules of the same level for everything.
    only_immediate: bool = False

    def __post_init__(self) -> None:
        if fault := fault_of(self):
            raise Invalid("card_rule_unsound", fault, field="value", cure="请对照规则说明改正。")

    def concerns(self, kind: ClockKind, amount: int, *, is_alone: bool, is_immediate: bool) -> bool:
        return (
            self.clock == kind
            and (self.min_amount is None or amount >= self.min_amount)
            and (self.max_amount is None or amount <= self.max_amount)
            and (is_alone or not self.only_alone)
            and (is_immediate or not self.only_immediate)
        )


def chosen(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Of the rules that concern a clock, those that count: for 即办件 their own take the place of the general."""
    rules = tuple(rules)
    own = {rule.level for rule in rules if rule.only_immediate}
    return (rule for rule in rules if rule.only_immediate or rule.level not in own)


def fault_of(rule: Rule) -> str:
    """Return what is wrong with the numbers of a rule, or nothing."""
    span = RANGES.get((rule.side, rule.unit))
    if span is None:
        return "这种单位不能用在这一侧。"
    if not _is_whole(rule.value) or not span[0] <= rule.value <= span[1]:
        return f"数值应是 {span[0]} 到 {span[1]} 的整数，收到 {str(rule.value)[:20]}。"
    ends = [end for end in (rule.min_amount, rule.max_amount) if end is not None]
    if not all(_is_whole(end) and 0 <= end <= MAX_AMOUNT for end in ends) or ends != sorted(ends):
        return f"适用的期限范围应是 0 到 {MAX_AMOUNT} 的整数，并且先小后大。"
    return ""


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def sentence_of(rule: Rule) -> str:
    """Return the rule in plain words, such as 承诺时限剩余不超过 2 个工作日：预警."""
    limit = f"{CLOCK_LABELS[rule.clock]}{_condition(rule)}"
    return f"{_reached(rule, limit)}：{LEVEL_LABELS[rule.level]}"


def threshold_of(rule: Rule) -> str:
    """Return the rule in plain words for a reader who knows clock and level: 剩余不超过 2 个工作日."""
    words = _reached(rule, "期限")
    return words.removeprefix("期限")


def _condition(rule: Rule) -> str:
    low, high = rule.min_amount, rule.max_amount
    words = []
    if rule.only_immediate:
        words.append("即办件")
    if low is not None and high is not None and low > 1:
        words.append(f"期限 {low} 至 {high} 个工作日的")
    elif high is not None:
        words.append(f"期限不超过 {high} 个工作日的")
    elif low is not None and low > 1:
        words.append(f"期限 {low} 个工作日以上的")
    if rule.only_alone:
        words.append("没有更长法定时限的")
    return f"（{'，'.join(words)}）" if words else ""


def _reached(rule: Rule, limit: str) -> str:
    value = rule.value
    match rule.side, rule.unit:
        case Side.LEFT, Measure.WORKING_DAY:
            return f"{limit}剩余不超过 {value} 个工作日" if value else f"{limit}到了最后一天"
        case Side.LEFT, Measure.WORKING_HOUR:
            return f"{limit}剩余不超过 {value} 个工作小时"
        case Side.LEFT, _:
            return f"{limit}剩余不超过 {value}%"
        case Side.OVER, Measure.WORKING_DAY:
            return f"超过{limit}{'' if limit.endswith('）') else ' '}{value} 个工作日以上" if value else f"超过{limit}"
        case Side.OVER, _:
            return f"超过{limit}的 {value + 1} 倍"
        case _, Measure.WORKING_DAY:
            return f"{limit}自起算超过 {value} 个工作日"
    return f"{limit}已用超过 {value}%"
