"""What a statistic of a week or bulletin of a month says: made once from counted sheets, kept as JSON, printed thrice.

The shape (all text is ready to print, all numbers are whole):
{title, kind, label, first, last, county, columns: [{key, label, definition}], tables: [{caption, rows: [{name, total,
cells: [text]}]}], summary: [text], comparison: [{label, now, before, change}], ranking: {title, places: [{place, name,
rate, finished, cards}], unranked: [[why, names]]}, chart: {title, bars: [{name, value, text}]}, corrections: [text],
anchor: text, counted: text}. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import BY_KEY, COLUMNS, Adjustment, Exclusion, Line, change_words, rank, total_of

ORGAN_COLUMNS: Final = (
    "finished", "on_time", "early", "late", "open", "warnings", "yellow", "red", "yellow_revoked", "red_revoked",
    "on_time_rate", "early_rate", "promised_mean", "used_mean",
)  # fmt: skip
CARDS: Final = ("warnings", "yellow", "red", "yellow_revoked", "red_revoked")
COMPARED: Final = (
    "received", "accepted", "finished", "on_time", "late", "open", "warnings", "yellow", "red", "red_revoked",
)  # fmt: skip
KIND_WORDS: Final = {PeriodKind.WEEK: "政务服务每周统计", PeriodKind.MONTH: "政务服务每月通报"}


Lines = tuple[Sequence[Line], Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Marks:
    """By which the figures can be found again: the last anchor of the chain, and the moment of counting."""

    anchor: str = ""
    counted: str = ""


NO_MARKS: Final = Marks()


def whole(halls: Sequence[Line], organs: Sequence[Line]) -> Line:
    """The county: what was filed anywhere, and every card, whoever earned it."""
    county = total_of(halls, "全县合计")
    counts = dict(county.counts)
    for key in CARDS:
        counts[key] = counts.get(key, 0) + sum(line.counts.get(key, 0) for line in organs)
    return Line(county.body, counts)


def compose(
    period: Period,
    county: str,
    sheets: tuple[Lines, Lines],
    *,
    exclusions: Sequence[Exclusion] = (),
    corrections: Iterable[Adjustment] = (),
    marks: Marks = NO_MARKS,
) -> dict[str, Any]:
    """Return the content of the bulletin of `period`; `sheets`: its (townships, departments), and those of before."""
    now, before = sheets
    names = {line.body.path: line.body.name for lines in now for line in lines}
    total, earlier = whole(*now), whole(*before)
    ranking = rank(now[0], exclusions)
    return {
        "title": f"{county}{KIND_WORDS[period.kind]}",
        "kind": period.kind.value,
        "label": period.label,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "county": county,
        "columns": [{"key": c.key, "label": c.label, "definition": c.definition} for c in COLUMNS],
        "tables": [
            _table("乡镇（街道）", [c.key for c in COLUMNS], now[0], total_of(now[0], "合计")),
            _table("县级部门", ORGAN_COLUMNS, now[1], total_of(now[1], "合计")),
        ],
        "summary": _summary(period, total, earlier),
        "comparison": [_compared(key, total, earlier) for key in COMPARED],
        "ranking": {
            "title": "乡镇（街道）按时办结率排名",
            "places": [_place(place, line) for place, line in ranking.places],
            "unranked": _grouped(ranking.unranked),
            "rule": "按时办结率从高到低；相同的，红牌计 2、黄牌计 1，少者在前；再相同的，办结多者在前；都相同的并列。",
        },
        "chart": {"title": "各乡镇（街道）办结件数", "bars": _bars(now[0])},
        "corrections": [_correction(one, names) for one in corrections],
        "anchor": marks.anchor,
        "counted": marks.counted,
    }


def _table(caption: str, keys: Sequence[str], lines: Sequence[Line], total: Line) -> dict[str, Any]:
    columns = [BY_KEY[key] for key in keys]
    rows = [{"name": line.body.name, "cells": [line.text(c) for c in columns]} for line in (*lines, total)]
    return {"caption": caption, "heads": [c.label for c in columns], "keys": list(keys), "rows": rows}


def _summary(period: Period, total: Line, earlier: Line) -> list[str]:
    def text(key: str) -> str:
        return total.text(BY_KEY[key])

    def moved(key: str) -> str:
        column = BY_KEY[key]
        return change_words(total.value(column), earlier.value(column))

    span = "本周" if period.kind is PeriodKind.WEEK else "本月"
    before = "上周" if period.kind is PeriodKind.WEEK else "上月"
    lines = [
        f"{span}全县收件 {text('received')} 件，受理 {text('accepted')} 件，办结 {text('finished')} 件；"
        f"收件较{before}{moved('received')}，办结较{before}{moved('finished')}。",
        f"办结件中按时办结 {text('on_time')} 件，超期办结 {text('late')} 件，按时办结率 {text('on_time_rate')}，"
        f"提前办结率 {text('early_rate')}；"
        f"平均承诺 {text('promised_mean')} 个工作日，平均用时 {text('used_mean')} 个工作日。",
        f"记录预警 {text('warnings')} 条，发黄牌 {text('yellow')} 张、红牌 {text('red')} 张；"
        f"撤销黄牌 {text('yellow_revoked')} 张、红牌 {text('red_revoked')} 张（按撤销日计）。",
        f"期末在办 {text('open')} 件。",
    ]
    if not total.counts.get("finished"):
        lines[1] = f"{span}没有办结件。"
    return lines


def _compared(key: str, total: Line, earlier: Line) -> dict[str, str]:
    column = BY_KEY[key]
    now, before = total.value(column), earlier.value(column)
    return {
        "label": column.label,
        "now": total.text(column),
        "before": earlier.text(column),
        "change": change_words(now, before),
    }


def _place(place: int, line: Line) -> dict[str, Any]:
    return {
        "place": place,
        "name": line.body.name,
        "rate": line.text(BY_KEY["on_time_rate"]),
        "finished": line.counts.get("finished", 0),
        "yellow": line.counts.get("yellow", 0),
        "red": line.counts.get("red", 0),
    }


def _grouped(unranked: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Who is not ranked, reason by reason: a quiet week has one line for thirty townships."""
    by_reason: dict[str, list[str]] = {}
    for name, why in unranked:
        by_reason.setdefault(why, []).append(name)
    return [[why, "、".join(names)] for why, names in by_reason.items()]


def _bars(lines: Sequence[Line]) -> list[dict[str, Any]]:
    bars = [(line.counts.get("finished", 0), line.body.name) for line in lines]
    return [
        {"name": name, "value": number} for number, name in sorted(bars, key=lambda bar: (-bar[0], bar[1])) if number
    ]


def _correction(one: Adjustment, names: dict[str, str]) -> str:
    label = BY_KEY[one.column].label if one.column in BY_KEY else one.column
    return f"{one.month}{names.get(one.body, one.body)}的{label}由 {one.before} 更正为 {one.after}。"
