"""The columns of weekly statistics and monthly bulletins, and what is done with them: rates, comparison, ranking. Pure.

A count is counted once, by the day on which it happened, so that a closed month stays as it was closed: a card that is
revoked later counts as revoked in the month of that, and does not leave the month in which it was issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from supervision.domain.periods import Period

PER_MILLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a count of its own, or a share, `share[0]` per hundred of `share[1]`; with `is_mean` per one."""

    key: str
    label: str
    definition: str
    share: tuple[str, str] | None = None
    is_mean: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """Whoever is counted: a township with its villages and offices, a county department, the county's own hall."""

    code: str
    name: str
    path: str
    is_organ: bool = False


@dataclass(frozen=True)
class Line:
    """The counts of one body."""

    body: Body
    counts: Mapping[str, int]

    def value(self, column: Column) -> int | None:
        """The count; of a share its tenths of a percent, of a mean its tenths, rounded half up; None without a base."""
        if column.share is None:
            return self.counts.get(column.key, 0)
        part, whole = (self.counts.get(key, 0) for key in column.share)
        if not whole:
            return None
        scale = 10 if column.is_mean else PER_MILLE
        return (2 * scale * part + whole) // (2 * whole)

    def text(self, column: Column) -> str:
        """The value as it is printed: 12, 98.5%, 3.2, — without a base."""
        value = self.value(column)
        if value is None:
            return "—"
        if column.share is None:
            return str(value)
        return f"{value // 10}.{value % 10}{'' if column.is_mean else '%'}"


COUNTED: Final = (
    Column("received", "收件", "统计期内登记收件的办件"),
    Column("accepted", "受理", "统计期内受理（含逾期视为受理）的办件"),
    Column("declined", "不予受理", "统计期内决定不予受理的办件"),
    Column("finished", "办结", "统计期内作出准予或不予决定的办件，按决定日计；撤回、终止不计"),
    Column("on_time", "按时办结", "办结中，决定时间不晚于承诺到期日的"),
    Column("early", "提前办结", "办结中，在承诺到期日的前一天或更早作出决定的"),
    Column("late", "超期办结", "办结中，决定时间晚于承诺到期日的"),
    Column("withdrawn", "撤回、终止", "统计期内申请人撤回或依法终止的办件"),
    Column("open", "期末在办", "统计期结束时已经提交、还没有送达或终止的办件"),
    Column("warnings", "预警", "统计期内记录的预警，按记录日计"),
    Column(
        "yellow",
        "黄牌",
        "统计期内发出的黄牌，按发牌日计（自动发的为记录日，经人确认的为确认日）；以后撤销的不减，另计撤销",
    ),
    Column(
        "red",
        "红牌",
        "统计期内发出的红牌，按发牌日计（自动发的为记录日，经人确认的为确认日）；以后撤销的不减，另计撤销",
    ),
    Column("yellow_revoked", "撤销黄牌", "统计期内撤销的黄牌，按撤销日计，不论何时发出"),
    Column("red_revoked", "撤销红牌", "统计期内撤销的红牌，按撤销日计，不论何时发出"),
)
HIDDEN: Final = ("timed", "promised_days", "used_days")  # base and sums behind the means
DERIVED: Final = (
    Column("finish_rate", "办结率", "办结 ÷ 受理；没有受理的不计", ("finished", "accepted")),
    Column("on_time_rate", "按时办结率", "按时办结 ÷ 办结；没有办结的不计", ("on_time", "finished")),
    Column("early_rate", "提前办结率", "提前办结 ÷ 办结；没有办结的不计", ("early", "finished")),
    Column(
        "promised_mean",
        "平均承诺",
        "按工作日承诺的办结件，承诺时限的平均数（工作日）",
        ("promised_days", "timed"),
        is_mean=True,
    ),
    Column(
        "used_mean",
        "平均用时",
        "按工作日承诺的办结件，从受理到决定用去的工作日的平均数，特别程序依法不计的日子不算",
        ("used_days", "timed"),
        is_mean=True,
    ),
)
COLUMNS: Final = (*COUNTED, *DERIVED)
BY_KEY: Final[dict[str, Column]] = {column.key: column for column in COLUMNS}


def total_of(lines: Iterable[Line], name: str) -> Line:
    """The sum of the lines, under that name."""
    counts: dict[str, int] = {}
    for line in lines:
        for key, number in line.counts.items():
            counts[key] = counts.get(key, 0) + number
    return Line(Body("", name, ""), counts)


def change_words(now: int | None, before: int | None) -> str:
    """How a count moved against the period before: 增加 3（+12.5%）, 持平."""
    if now is None or before is None:
        return "无可比数"
    if now == before:
        return "持平"
    word = "增加" if now > before else "减少"
    if not before:
        return f"{word} {abs(now - before)}"
    permille = (2 * PER_MILLE * abs(now - before) + before) // (2 * before)
    sign = "+" if now > before else "-"
    return f"{word} {abs(now - before)}（{sign}{permille // 10}.{permille % 10}%）"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A body that is not ranked, why, since and until when; printed under every ranking."""

    path: str
    name: str
    reason: str
    since: str
    until: str = ""


@dataclass(frozen=True)
class Ranking:
    """Bodies in order with their places; equal ones share a place. The rest is named with its reason."""

    places: Sequence[tuple[int, Line]]
    unranked: Sequence[tuple[str, str]] = field(default_factory=tuple)


def rank(lines: Iterable[Line], exclusions: Sequence[Exclusion] = ()) -> Ranking:
    """Rank by the share that was decided in time; equal ones by cards (fewer first), then by work done.

    Whoever decided nothing has no share and no place; whoever is excluded stands below with the rule that says so.
    """
    excluded = {one.path: one for one in exclusions}
    rates = BY_KEY["on_time_rate"]
    ranked, unranked = [], []
    for line in lines:
        if line.body.path in excluded:
            rule = excluded[line.body.path]
            until = f"至 {rule.until}" if rule.until else "起"
            unranked.append((line.body.name, f"不参加排名：{rule.reason}（{rule.since} {until}）"))
        elif line.value(rates) is None:
            unranked.append((line.body.name, "本期没有办结件，不排名"))
        else:
            ranked.append(line)
    ranked.sort(key=lambda line: (_merit(line), line.body.code))
    places: list[tuple[int, Line]] = []
    for number, line in enumerate(ranked, start=1):
        is_equal = bool(places) and _merit(places[-1][1]) == _merit(line)
        places.append((places[-1][0] if is_equal else number, line))
    return Ranking(places, unranked)


def _merit(line: Line) -> tuple[Any, ...]:
    counts = line.counts
    cards = counts.get("red", 0) * 2 + counts.get("yellow", 0)
    return -(line.value(BY_KEY["on_time_rate"]) or 0), cards, -counts.get("finished", 0)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A figure of a closed month that is counted differently now; the closed one stays, this is printed beside it."""

    month: str
    body: str
    column: str
    before: int
    after: int


def adjustments(
    period: Period, closed: Mapping[str, Mapping[str, int]], now: Mapping[str, Mapping[str, int]]
) -> list[Adjustment]:
    """Compare closed figures, as adjusted so far, with those of now: by the path of the body, then column."""
    found: list[Adjustment] = []
    for path in sorted({*closed, *now}):
        before, after = closed.get(path, {}), now.get(path, {})
        changed = [key for key in sorted({*before, *after}) if before.get(key, 0) != after.get(key, 0)]
        found += [Adjustment(period.label, path, key, before.get(key, 0), after.get(key, 0)) for key in changed]
    return found
