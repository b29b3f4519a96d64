"""A draft's content under an editor's hands: values as they are typed, rows added, taken out and moved.

Whatever is typed is kept, faulty or not: "abc" days stay "abc" until somebody mends them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from matters.domain.elements import (
    CHOICES,
    FLAG,
    LINES,
    MATERIALS,
    NUMBER,
    PERHAPS,
    SECTIONS,
    Element,
    Rows,
    Section,
    all_rows,
)

YES, NO = "是", "否"
MOST_ROWS = 300
_ACT = re.compile(r"(add|remove|up|down):([a-z_.]+)(?:\[(\d{1,3})\])?(?:\.([a-z_]+)(?:\[(\d{1,3})\])?)?")
_LIMITS = ("statutory_limit", "promised_limit", "provincial_limit")
_FRESH: dict[str, dict[str, Any]] = {
    "materials": {"originals": 1, "copies": 0, "necessity": "必要", "view_original": False},
    "steps": {"unit": "工作日", "counts_in_limit": True},
}


class Posted(Protocol):
    """What a form sent: every value under a name."""

    def getlist(self, key: str) -> Sequence[str]: ...

    def __contains__(self, key: object) -> bool: ...


def value_at(content: Any, path: str) -> Any:
    """Return what stands at a path such as fee.charged, None where nothing does."""
    for key in path.split("."):
        content = content.get(key) if isinstance(content, Mapping) else None
    return content


def put(content: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for key in parents:
        inner = content.get(key)
        content[key] = dict(inner) if isinstance(inner, Mapping) else {}
        content = content[key]
    content[last] = value


def rows_at(content: Any, rows: Rows) -> list[Any]:
    """Return the rows as far as they are rows; a file or a program may have put anything there."""
    found = value_at(content, rows.name)
    kind: type = str if rows.is_text else dict
    return [one for one in found if isinstance(one, kind)] if isinstance(found, list) else []


# --- a value as it is typed --------------------------------------------------------------------------------------


def typed(element: Element, value: Any) -> list[str]:
    """Return the value as the texts of its control: several for choices, one for all others."""
    if element.kind in (CHOICES, MATERIALS):
        return [str(one) for one in value] if isinstance(value, list) else []
    if element.kind == LINES:
        return ["\n".join(str(one) for one in value) if isinstance(value, list) else ""]
    if value is None:
        return [""]
    if isinstance(value, bool):
        return [YES if value else NO]
    return [str(value)]


def meant(element: Element, texts: Sequence[str]) -> Any:
    """Return what these texts of a control say, in the types of a record."""
    if element.kind in (CHOICES, MATERIALS):
        return [text for text in texts if text]
    text = (texts[-1] if texts else "").replace("\r\n", "\n").strip()
    if element.kind == LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if element.kind == NUMBER:
        return number_in(text)
    if element.kind == FLAG:
        return bool(text)
    if element.kind == PERHAPS:
        return {YES: True, NO: False}.get(text)
    return text if text or not element.choices else None


def number_in(text: str) -> int | str | None:
    """Return the number, None for nothing, and the text itself where it is none."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) <= 9 else text


# --- a section as it is sent -------------------------------------------------------------------------------------


def read_section(section: Section, posted: Posted, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with this section as the form sent it; the other sections stay as they are."""
    found = copy.deepcopy(dict(content))
    for element in section.elements:
        put(found, element.name, meant(element, posted.getlist(element.name)))
    for rows in section.rows:
        put(found, rows.name, _read_rows(rows, rows.name, posted))
    return tidy(found)


def _read_rows(rows: Rows, place: str, posted: Posted) -> list[Any]:
    """Return the rows that were sent: `materials.rows` tells how many."""
    counted = (posted.getlist(f"{place}.rows") or ["0"])[-1]
    count = min(int(counted), MOST_ROWS) if counted.isdecimal() and len(counted) < 5 else 0
    return [_read_row(rows, f"{place}[{index}]", posted) for index in range(count)]


def _read_row(rows: Rows, place: str, posted: Posted) -> Any:
    if rows.is_text:
        return meant(rows.elements[0], posted.getlist(place))
    row: dict[str, Any] = {one.name: meant(one, posted.getlist(f"{place}.{one.name}")) for one in rows.elements}
    if rows.inner is not None:
        row[rows.inner.name] = _read_rows(rows.inner, f"{place}.{rows.inner.name}", posted)
    return row


def tidy(content: dict[str, Any]) -> dict[str, Any]:
    """Number the steps in their order, and write a limit that is not stated as one that is not there."""
    steps = content.get("steps")
    for seq, step in enumerate(steps if isinstance(steps, list) else [], start=1):
        if isinstance(step, dict):
            step["seq"] = seq
    return tidy_limits(content)


def tidy_limits(content: dict[str, Any]) -> dict[str, Any]:
    """Write a limit that is not stated as one that is not there."""
    for name in _LIMITS:
        limit = content.get(name)
        if isinstance(limit, dict):
            content[name] = _limit(name, limit)
    return content


def _limit(name: str, limit: dict[str, Any]) -> dict[str, Any] | None:
    note = limit.get("note") or ""
    if limit.get("days") is None:
        if name == "statutory_limit":
            return {"days": None, "note": note} if note else None
        if not note and not limit.get("basis") and not (name == "provincial_limit" and limit.get("unit")):
            return None
    return limit | ({"unit": "工作日"} if name == "promised_limit" else {})


# --- rows --------------------------------------------------------------------------------------------------------


def change_rows(content: Mapping[str, Any], act: str) -> tuple[dict[str, Any], str]:
    """Do what a button says (add:materials, up:steps[2], remove:questions[0].options[1]).

    Return the content and the place of the row it is about now; "" where the button says nothing that can be done.
    """
    found = copy.deepcopy(dict(content))
    parsed = _ACT.fullmatch(act)
    if parsed is None:
        return found, ""
    verb, name, index, inner, inner_index = parsed.groups()
    rows = next((rows for rows in all_rows(SECTIONS) if rows.name == name), None)
    if rows is None:
        return found, ""
    place, listed, at = rows.name, rows_at(found, rows), index
    put(found, rows.name, listed)
    if inner:
        if rows.inner is None or rows.inner.name != inner or index is None or int(index) >= len(listed):
            return found, ""
        place, owner = f"{rows.name}[{index}].{inner}", listed[int(index)]
        rows = rows.inner
        listed = owner[inner] = rows_at(owner, rows)
        at = inner_index
    moved = _change(listed, verb, at, rows)
    return tidy(found), "" if moved is None else f"{place}[{moved}]"


def _change(listed: list[Any], verb: str, index: str | None, rows: Rows) -> int | None:
    """Change the list; return where the row is now, or the row to look at after one was taken out."""
    if verb == "add":
        if len(listed) >= MOST_ROWS:
            return None
        listed.append(_fresh(rows))
        return len(listed) - 1
    if index is None or int(index) >= len(listed):
        return None
    at = int(index)
    if verb == "remove":
        del listed[at]
        return min(at, max(len(listed) - 1, 0))
    to = at - 1 if verb == "up" else at + 1
    if not 0 <= to < len(listed):
        return at
    listed[at], listed[to] = listed[to], listed[at]
    return to


def _fresh(rows: Rows) -> Any:
    if rows.is_text:
        return ""
    row: dict[str, Any] = {element.name: meant(element, ()) for element in rows.elements}
    if rows.inner is not None:
        row[rows.inner.name] = []
    return row | _FRESH.get(rows.name, {})
