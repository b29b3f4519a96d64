"""What a draft says otherwise than the books do: every figure by its row and column, every text by its name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

MOST_NAMED: Final = 5
ABSENT: Final = "没有"
_TEXTS: Final = {
    "title": "标题", "kind": "类别", "label": "统计期", "first": "统计期首日", "last": "统计期末日", "county": "县名",
    "columns": "指标定义", "summary": "总体情况的文字", "comparison_note": "比较的说明", "change_rule": "变化的规则",
    "corrections": "更正", "chart": "图", "anchor": "锚点", "counted": "统计时间的说明",
}  # fmt: skip


def differences(drafted: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """Name what differs between a draft and what was composed again; nothing where they say the same."""
    found = [
        *_tables(drafted.get("tables", []), again["tables"]),
        *_comparison(drafted.get("comparison", []), again["comparison"]),
        *_ranking(drafted.get("ranking", {}), again["ranking"]),
    ]
    told = {"tables", "comparison", "ranking"}
    keys = [*again, *(key for key in drafted if key not in again)]
    found += [_TEXTS.get(key, key) for key in keys if key not in told and drafted.get(key) != again.get(key)]
    # What is in no cell, row or place: marks, notes, the order.
    return found or ([] if _figures(drafted) == _figures(again) else ["各表的说明和次序"])


def differences_words(found: Sequence[str]) -> str:
    """A sentence that names the first of them."""
    more = f"等 {len(found)} 处" if len(found) > MOST_NAMED else ""
    return f"草稿和按事件记录重新统计的不一致：{'；'.join(found[:MOST_NAMED])}{more}。"


def _figures(content: Mapping[str, Any]) -> list[Any]:
    return [content.get(key) for key in ("tables", "comparison", "ranking")]


def _otherwise(name: str, drafted: Any, again: Any) -> str:
    return f"{name}（草稿 {ABSENT if drafted is None else drafted}，记录 {ABSENT if again is None else again}）"


def _tables(drafted: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    theirs, ours = _cells(drafted), _cells(again)
    for at in dict.fromkeys((*ours, *theirs)):
        if theirs.get(at) != ours.get(at):
            caption, row, head = at
            yield _otherwise(f"{caption}·{row}的{head}", theirs.get(at), ours.get(at))


def _cells(tables: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, str], str]:
    return {
        (table["caption"], row["name"], head): cell
        for table in tables
        for row in table["rows"]
        for head, cell in zip(table["heads"], row["cells"], strict=False)
    }


def _comparison(drafted: Iterable[Mapping[str, Any]], again: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    words = {"now": "本期", "before": "上期", "change": "变化"}
    theirs, ours = ({(row["label"], key): row[key] for row in rows for key in words} for rows in (drafted, again))
    for at in dict.fromkeys((*ours, *theirs)):
        if theirs.get(at) != ours.get(at):
            yield _otherwise(f"与上期比较·{at[0]}的{words[at[1]]}", theirs.get(at), ours.get(at))


def _ranking(drafted: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[str]:
    theirs, ours = ({row["name"]: row for row in one.get("places", [])} for one in (drafted, again))
    for name in dict.fromkeys((*ours, *theirs)):
        if theirs.get(name) != ours.get(name):
            yield _otherwise(f"排名·{name}", _placed(theirs.get(name)), _placed(ours.get(name)))
    if {**drafted, "places": []} != {**again, "places": []}:
        yield "排名的规则和不排名的单位"


def _placed(row: Mapping[str, Any] | None) -> str | None:
    return None if row is None else f"第 {row['place']}，{'、'.join(map(str, row.get('cells', ())))}"
