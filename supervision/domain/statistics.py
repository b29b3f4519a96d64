"""What is done with the counts of a period: rates, comparison, ranking, corrections. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from supervision.domain.columns import BY_KEY, Column
from supervision.domain.periods import Period

PER_MILLE: Final = 1000
# Below these a percentage or a place says more about chance than about work: docs/bulletins.md.
SMALL_BASE: Final = 30
FEWEST_RANKED: Final = 3
RANKED_BY: Final = "due_rate"  # the share that cannot be gained by not answering


@dataclass(frozen=True, slots=True)
class Body:
    """Whoever is counted: a township with its villages and offices, a county department, the county's own hall."""

    code: str
    name: str
    path: str
    is_organ: bool = False

    @property
    def is_county(self) -> bool:
        """The county's own hall, which is no township and takes no place among them."""
        return self.path.count("/") == 1 and not self.is_organ


def tenths(part: int, whole: int) -> int:
    """A share in tenths of a percent, rounded towards nought on every page and paper: 99.96 % is not 100 %."""
    found = abs(part) * PER_MILLE // whole
    return found if part >= 0 else -found


def mean_tenths(total: int, number: int) -> int:
    """A mean in tenths, rounded half up on every page and paper: 0.25 is 0.3."""
    return (20 * total + number) // (2 * number)


@dataclass(frozen=True)
class Line:
    """The counts of one body."""

    body: Body
    counts: Mapping[str, int]

    def value(self, column: Column) -> int | None:
        """The count; of a share its tenths of a percent, of a mean its tenths rounded half up; None without a base."""
        if column.share is None:
            return self.counts.get(column.key, 0)
        part, whole = (self.counts.get(key, 0) for key in column.share)
        if not whole:
            return None
        return mean_tenths(part, whole) if column.is_mean else tenths(part, whole)

    def text(self, column: Column) -> str:
        """The value as it is printed: 12, 98.5%, 3.2, — without a base."""
        value = self.value(column)
        if value is None:
            return "—"
        if column.share is None:
            return str(value)
        return f"{value // 10}.{value % 10}{'' if column.is_mean else '%'}"


def total_of(lines: Iterable[Line], name: str) -> Line:
    """The sum of the lines, under that name."""
    counts: dict[str, int] = {}
    for line in lines:
        for key, number in line.counts.items():
            counts[key] = counts.get(key, 0) + number
    return Line(Body("", name, ""), counts)


def moved_words(column: Column, total: Line, earlier: Line) -> str:
    """How this column moved against the period before; a share by percentage points: 提高 1.5 个百分点.

    A share of a small base, of now or of before, is not compared: to call it equal would be to compare it.
    """
    now, before = total.value(column), earlier.value(column)
    if column.share is None or now is None or before is None:
        return change_words(now, before)
    if not column.is_mean and min(line.counts[column.share[1]] for line in (total, earlier)) < SMALL_BASE:
        return f"基数不足 {SMALL_BASE}，不比较"
    if now == before:
        return change_words(now, before)
    tenths = abs(now - before)
    unit = "" if column.is_mean else " 个百分点"
    return f"{'提高' if now > before else '下降'} {tenths // 10}.{tenths % 10}{unit}"


def change_words(now: int | None, before: int | None) -> str:
    """How a count moved against the period before: 增加 30（+12.5%）, 持平; of a small base without a percentage."""
    if now is None or before is None:
        return "无可比数"
    if now == before:
        return "持平"
    word = "增加" if now > before else "减少"
    if before < SMALL_BASE:
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


def covers(rule_path: str, path: str) -> bool:
    """Whether what excludes the one body excludes the other: what lies below it; the county's own hall alone itself."""
    return path == rule_path or ("/" in rule_path.rstrip("/") and path.startswith(rule_path))


@dataclass(frozen=True)
class Ranking:
    """Bodies in order with their places; equal ones share a place. The rest is named with its reason."""

    places: Sequence[tuple[int, Line]]
    unranked: Sequence[tuple[str, str]] = field(default_factory=tuple)


def rank(lines: Iterable[Line], exclusions: Sequence[Exclusion] = ()) -> Ranking:
    """Rank by the share of what fell due that was decided in time; equal ones by cards (fewer first), then by work.

    Nobody gains by not answering: what is not decided stays among what fell due. A body where nothing fell due has no
    share and no place; whoever is excluded, by itself or with the body above it, stands
    below with the rule that says so. Where fewer than FEWEST_RANKED are left, none has a place.
    """
    rates = BY_KEY[RANKED_BY]
    ranked, unranked = [], []
    for line in lines:
        rule = next((one for one in exclusions if covers(one.path, line.body.path)), None)
        if rule is not None:
            until = f"至 {rule.until}" if rule.until else "起"
            unranked.append((line.body.name, f"不参加排名：{rule.reason}（{rule.since} {until}）"))
        elif line.value(rates) is None:
            unranked.append((line.body.name, "本期没有到期的办件，不排名"))
        else:
            ranked.append(line)
    if len(ranked) < FEWEST_RANKED:
        too_few = f"可以比较的单位不足 {FEWEST_RANKED} 个，不排名次"
        return Ranking((), [*((line.body.name, too_few) for line in ranked), *unranked])
    ranked.sort(key=lambda line: (_merit(line), line.body.code))
    places: list[tuple[int, Line]] = []
    for number, line in enumerate(ranked, start=1):
        is_equal = bool(places) and _merit(places[-1][1]) == _merit(line)
        places.append((places[-1][0] if is_equal else number, line))
    return Ranking(places, unranked)


def _merit(line: Line) -> tuple[Any, ...]:
    counts = line.counts
    red, yellow = (max(counts.get(level, 0) - counts.get(f"{level}_revoked", 0), 0) for level in ("red", "yellow"))
    return -(line.value(BY_KEY[RANKED_BY]) or 0), red * 2 + yellow, -counts.get("finished", 0)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A figure of a closed month that is counted differently now; the closed one stays, this is printed beside it.

    `is_own`: of the month whose paper prints it, in whose tables the corrected figure stands already.
    """

    month: str
    body: str
    column: str
    before: int
    after: int
    is_own: bool = False


def adjustments(
    period: Period,
    closed: Mapping[str, Mapping[str, int]],
    now: Mapping[str, Mapping[str, int]],
    columns: Iterable[str],
) -> list[Adjustment]:
    """Compare closed figures, as adjusted so far, with those of now: by the path of the body, then column.

    `columns`: what was part of the closing. A column that came later was never closed, and is no correction.
    """
    found: list[Adjustment] = []
    for path in sorted({*closed, *now}):
        before, after = closed.get(path, {}), now.get(path, {})
        changed = [key for key in sorted(set(columns)) if before.get(key, 0) != after.get(key, 0)]
        found += [Adjustment(period.label, path, key, before.get(key, 0), after.get(key, 0)) for key in changed]
    return found
