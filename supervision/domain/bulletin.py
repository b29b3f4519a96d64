"""What a statistic of a week or bulletin of a month says: made once from counted sheets, kept as JSON, printed thrice.

The shape (all text is ready to print, all numbers are whole):
{title, kind, label, first, last, county, is_brief, columns: [{key, label, definition}], tables: [{caption, heads, keys,
rows: [{name, cells: [text], is_nothing}], note}], summary: [text], comparison: [{key, label, now, before, change,
is_nothing}], comparison_note, change_rule, ranking: {title, heads, places: [{place, name, cells: [text]}], unranked:
[[why, names]], rule, why}, chart: {title, bars: [{name, value}]}, corrections: [text], anchor: text,
counted: text}. Every row is kept; `brief` leaves out what is nothing where people read. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from supervision.domain.columns import BY_KEY, CARDS, COLUMNS, OF_ACTS, SECTIONS, Column
from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import (
    FEWEST_RANKED,
    SMALL_BASE,
    Adjustment,
    Exclusion,
    Line,
    moved_words,
    rank,
    total_of,
)
from supervision.domain.summary import summary

COMPARED: Final = (
    "received", "accepted", "finished", "on_time", "late", "on_time_rate", "due", "due_in_time", "due_rate", "open",
    "open_overdue", "warnings", "yellow", "red", "red_revoked", "orders_issued", "orders_overdue", "orders_due_rate",
    "orders_unanswered", "orders_closed", "orders_unrectified", "urges", "complaints", "complaints_in_time",
    "complaints_late", "complaints_due_rate", "complaints_overdue", "complaints_upheld", "inquiries",
    "inquiries_due_rate", "inquiries_overdue", "rated", "satisfaction", "rated_bad", "rectified_in_time",
    "rectify_due_rate", "callbacks",
)  # fmt: skip
RANKING_RULE: Final = (
    "按收件的乡镇（街道）统计，交部门决定的也在其中；县本级不参加。"
    "到期按时率从高到低：承诺期限在统计期内届满的办件里，届满时已经作出决定的比例；拖着不办的也在分母里，不办不会提高名次。"
    "相同的，红牌计 2、黄牌计 1，本期撤销的抵减，少者在前；"
    "再相同的，作出决定多者在前；都相同的并列。"
    "经批准不参加排名的，从它起始日以后开始的统计期起不排；统计期中才开始的，这一期照排。"
    f"可以比较的单位不足 {FEWEST_RANKED} 个的，不排名次。"
)
CHANGE_RULE: Final = (
    f"变化：上期不足 {SMALL_BASE} 的，只写增减的数，不写百分比；"
    f"比率写百分点，本期或上期的基数不足 {SMALL_BASE} 的不比较。"
    "比率取一位小数，只舍不入；平均数和增减的百分比取一位小数，四舍五入。"
)
RANKED_WITH: Final = ("due_rate", "due", "due_in_time", "yellow", "red")
# Of the papers that were ranked by what they had decided.
_EARLIER_HEADS: Final = ("名次", "乡镇（街道）", "按时决定率", "作出决定", "黄牌", "红牌")
FEWEST_BARS: Final = 2  # one bar compares nothing
KIND_WORDS: Final = {PeriodKind.WEEK: "政务服务每周统计", PeriodKind.MONTH: "政务服务情况通报"}


Lines = tuple[Sequence[Line], Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Marks:
    """By which the figures can be found again: the last anchor of the chain, and the moment of counting."""

    anchor: str = ""
    counted: str = ""


NO_MARKS: Final = Marks()


def whole(halls: Sequence[Line], organs: Sequence[Line]) -> Line:
    """The county: what was filed anywhere; every card and every act, whomever it stands against."""
    county = total_of(halls, "全县合计")
    counts = dict(county.counts)
    for key in (*CARDS, *OF_ACTS):
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
    ranking = rank([line for line in now[0] if not line.body.is_county], exclusions)
    comparison = [_compared(key, total, earlier) for key in COMPARED]
    return {
        "title": f"{county}{KIND_WORDS[period.kind]}",
        "kind": period.kind.value,
        "label": period.label,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "county": county,
        "is_brief": True,
        "columns": [{"key": c.key, "label": c.label, "definition": c.definition} for c in COLUMNS],
        "tables": [
            table
            for section in SECTIONS
            for table in (
                _table(section.halls, section.columns, now[0]),
                _table(section.organs, [BY_KEY[key] for key in section.of_organs], now[1]),
            )
        ],
        "summary": summary(period, total, earlier),
        "comparison": comparison,
        "comparison_note": _comparison_note(comparison),
        "change_rule": CHANGE_RULE,
        "ranking": {
            "title": "乡镇（街道）到期按时率排名",
            "heads": ["名次", "乡镇（街道）", *(BY_KEY[key].label for key in RANKED_WITH)],
            "places": [_place(place, line) for place, line in ranking.places],
            "unranked": _grouped(ranking.unranked),
            "rule": RANKING_RULE,
            "why": "" if ranking.places else f"本期可以比较的单位不足 {FEWEST_RANKED} 个，不排名次。",
        },
        "chart": {"title": "各乡镇（街道）作出决定件数", "bars": _bars(now[0])},
        "corrections": [_correction(one, names) for one in corrections],
        "anchor": marks.anchor,
        "counted": marks.counted,
    }


def brief(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content as people read it: without rows of noughts, and without definitions of what is not printed.

    A paper that was drafted before rows were marked reads as it always did. The workbook has every row.
    """
    found = dict(content)
    found["tables"] = [_brief_table(table) for table in content["tables"]]
    found["comparison"] = [row for row in content["comparison"] if not row.get("is_nothing")]
    found["comparison_note"], found["change_rule"] = content.get("comparison_note", ""), content.get("change_rule", "")
    found["ranking"] = ranking_of(content)
    if content.get("is_brief"):
        printed = {key for table in found["tables"] if table["rows"] for key in table["keys"]}
        printed |= {row["key"] for row in found["comparison"]}
        found["columns"] = [column for column in content["columns"] if column["key"] in printed]
    return found


def ranking_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ranking with its heads and cells, whatever it was ranked by when it was signed."""
    found = {"why": "本期没有可以排名的单位。", "heads": list(_EARLIER_HEADS), **content["ranking"]}
    found["places"] = [
        {"cells": [str(row[key]) for key in ("rate", "finished", "yellow", "red") if key in row], **row}
        for row in found["places"]
    ]
    return found


def _brief_table(table: Mapping[str, Any]) -> dict[str, Any]:
    bodies, total = table["rows"][:-1], table["rows"][-1]
    rows = [row for row in bodies if not row.get("is_nothing")]
    is_empty = bool(bodies) and not rows
    return {"note": "", **table, "rows": [] if is_empty else [*rows, total]}


def _table(caption: str, columns: Sequence[Column], lines: Sequence[Line]) -> dict[str, Any]:
    listed = (*lines, total_of(lines, "合计"))
    counts = [column.key for column in columns if column.share is None]
    rows = [
        {
            "name": line.body.name,
            "cells": [line.text(column) for column in columns],
            "is_nothing": bool(line.body.path) and not any(line.counts.get(key) for key in counts),
        }
        for line in listed
    ]
    heads, keys = [column.label for column in columns], [column.key for column in columns]
    return {"caption": caption, "heads": heads, "keys": keys, "rows": rows, "note": _table_note(rows[:-1])}


def _table_note(bodies: Sequence[Mapping[str, Any]]) -> str:
    nothing = sum(row["is_nothing"] for row in bodies)
    if not nothing:
        return ""
    if nothing == len(bodies):
        return f"本表 {nothing} 个单位本期各项都是 0，不列表。"
    return f"另有 {nothing} 个单位本期各项都是 0，没有列出。"


def _compared(key: str, total: Line, earlier: Line) -> dict[str, Any]:
    column = BY_KEY[key]
    return {
        "key": key,
        "label": column.label,
        "now": total.text(column),
        "before": earlier.text(column),
        "change": moved_words(column, total, earlier),
        "is_nothing": not total.value(column) and not earlier.value(column),
    }


def _comparison_note(rows: Sequence[Mapping[str, Any]]) -> str:
    nothing = sum(row["is_nothing"] for row in rows)
    return f"另有 {nothing} 项本期和上期都是 0 或没有基数，没有列出。" if nothing else ""


def _place(place: int, line: Line) -> dict[str, Any]:
    return {
        "place": place,
        "name": line.body.name,
        "cells": [line.text(BY_KEY[key]) for key in RANKED_WITH],
    }


def _grouped(unranked: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Who is not ranked, reason by reason: a quiet week has one line for thirty townships."""
    by_reason: dict[str, list[str]] = {}
    for name, why in unranked:
        by_reason.setdefault(why, []).append(name)
    return [[why, "、".join(names)] for why, names in by_reason.items()]


def _bars(lines: Sequence[Line]) -> list[dict[str, Any]]:
    bars = [(number, line.body.name) for line in lines if (number := line.counts.get("finished", 0))]
    if len(bars) < FEWEST_BARS:
        return []
    return [{"name": name, "value": number} for number, name in sorted(bars, key=lambda bar: (-bar[0], bar[1]))]


def _correction(one: Adjustment, names: dict[str, str]) -> str:
    own = "（月结后更正，本期各表已是更正后的数）" if one.is_own else ""
    name, label = names.get(one.body, one.body), BY_KEY[one.column].label
    return f"{one.month}{name}的{label}由 {one.before} 更正为 {one.after}{own}。"
