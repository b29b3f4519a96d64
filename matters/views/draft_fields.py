"""The fields of a section as its page shows them: control, value, hint, and what is wrong with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from matters.domain.content_edit import NO, YES, rows_at, typed, value_at
from matters.domain.elements import (
    CHOICE,
    CHOICES,
    FLAG,
    MATERIALS,
    NUMBER,
    PERHAPS,
    Element,
    Rows,
    Section,
    section_of,
    words_of,
)
from matters.domain.record_reader import RecordFault

_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9]+")
_LAST_INDEX = re.compile(r"\[\d+\]$")
FEW = 3  # rows of so few elements are not folded


@dataclass
class Page:
    """What the fields of one page need to know.

    `choices`: those that the county adds to an element. `at`: the place of the row that was touched last, `did` what
    was done to it. `problems`: sentences by place.
    """

    content: Mapping[str, Any]
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    at: str = ""
    did: str = ""
    problems: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: list[str] = field(default_factory=list)


def id_of(place: str) -> str:
    return "f-" + _NOT_IN_AN_ID.sub("-", place).strip("-")


def faults_of(section: Section, faults: Iterable[RecordFault]) -> list[RecordFault]:
    """Return the faults that are mended in this section."""
    return [fault for fault in faults if section_of(fault.field) is section]


def section_shown(section: Section, page: Page, faults: Sequence[RecordFault]) -> dict[str, Any]:
    """Return fields, lists and the summary of what is wrong, each with a link to its field."""
    known = _places(section, page.content)
    errors = []
    for fault in faults:
        place = _nearest(fault.field, known)
        page.problems[place].append(f"{fault.message}{fault.cure}")
        errors.append({"text": f"{words_of(fault.field)}：{fault.message}{fault.cure}", "url": f"#{id_of(place)}"})
    fields = [_field(element, element.name, page.content, page) for element in section.elements]
    return {
        "fields": [one for one, element in zip(fields, section.elements, strict=True) if not element.folded],
        "folded": [one for one, element in zip(fields, section.elements, strict=True) if element.folded],
        "folded_open": any(
            one["errors"] for one, element in zip(fields, section.elements, strict=True) if element.folded
        ),
        "lists": [_list(rows, rows.name, page.content, page) for rows in section.rows],
        "errors": errors,
    }


# --- places ----------------------------------------------------------------------------------------------------------


def _places(section: Section, content: Mapping[str, Any]) -> set[str]:
    """Return every place of the page that a fault can be shown at."""
    found = {element.name for element in section.elements}
    for rows in section.rows:
        found |= _row_places(rows, rows.name, content)
    return found


def _row_places(rows: Rows, place: str, owner: Any) -> set[str]:
    found = {place}
    for index, row in enumerate(rows_at(owner, rows)):
        here = f"{place}[{index}]"
        found |= {f"{here}.{element.name}" if element.name else here for element in rows.elements}
        if rows.inner is not None:
            found |= _row_places(rows.inner, f"{here}.{rows.inner.name}", row)
    return found


def _nearest(place: str, known: set[str]) -> str:
    """Return the place itself, its field (aliases[2] is in aliases), its first part, or the list it is in."""
    if place in known:
        return place
    bare = _LAST_INDEX.sub("", place)
    if bare in known:
        return bare
    inside = sorted(one for one in known if one.startswith(f"{place}."))
    if inside:
        return next((one for one in inside if one.endswith((".days", ".name", ".charged"))), inside[0])
    parents = [one for one in known if place.startswith((f"{one}[", f"{one}."))]
    return max(parents, key=len) if parents else min(known)


# --- fields ----------------------------------------------------------------------------------------------------------


def _field(element: Element, place: str, owner: Any, page: Page) -> dict[str, Any]:
    value = owner if not element.name else value_at(owner, element.name)
    texts = typed(element, value)
    return {
        "id": id_of(place),
        "name": place,
        "label": element.label,
        "kind": element.kind,
        "text": texts[0] if texts else "",
        "is_on": value is True,
        "options": _options(element, texts, page),
        "hint": element.hint,
        "needed": element.needed,
        "errors": page.problems.get(place, []),
    }


def _options(element: Element, texts: Sequence[str], page: Page) -> list[dict[str, Any]]:
    choices: list[tuple[str, str]] = [*(page.choices.get(element.name) or element.choices)]
    if element.kind == PERHAPS:
        choices = [("", _("未填写")), (YES, YES), (NO, NO)]
    elif element.kind == MATERIALS:
        names = [row.get("name") for row in page.content.get("materials") or [] if isinstance(row, dict)]
        choices = [(name, name) for name in names if isinstance(name, str) and name]
    elif element.kind == CHOICE:
        choices = [("", _("请选择")), *choices]
    elif element.kind not in (CHOICES, FLAG):
        return []
    known = {value for value, _label in choices}
    choices += [(text, _("%(word)s（不在列表里）") % {"word": text}) for text in texts if text and text not in known]
    return [{"value": value, "label": label, "selected": value in texts} for value, label in choices]


# --- lists -----------------------------------------------------------------------------------------------------------


def _list(rows: Rows, place: str, owner: Any, page: Page) -> dict[str, Any]:
    listed = rows_at(owner, rows)
    shown = [_row(rows, f"{place}[{index}]", row, index, len(listed), page) for index, row in enumerate(listed)]
    return {
        "id": id_of(place),
        "name": place,
        "label": rows.label,
        "hint": rows.hint,
        "count": len(listed),
        "rows": shown,
        "errors": page.problems.get(place, []),
        "focus": page.at.startswith(f"{place}[") and page.did == "remove" and not listed,
    }


def _row(rows: Rows, place: str, row: Any, index: int, count: int, page: Page) -> dict[str, Any]:
    plain = [one for one in rows.elements if not one.folded]
    folded = [one for one in rows.elements if one.folded]
    name = row if rows.is_text else str(row.get(rows.title) or "")
    shown: dict[str, Any] = {
        "id": f"row-{id_of(place)}",
        "place": place,
        "number": index + 1,
        "title": name[:40] or _("（还没有写）"),
        "fields": [_field(one, _at(place, one), row, page) for one in plain],
        "folded": [_field(one, _at(place, one), row, page) for one in folded],
        "inner": _list(rows.inner, f"{place}.{rows.inner.name}", row, page) if rows.inner is not None else None,
        "is_first": index == 0,
        "is_last": index == count - 1,
        "focus": _focus(page, place, index, count),
        "is_plain": len(rows.elements) <= FEW,
    }
    shown["facts"] = _facts(plain, shown["fields"])
    shown["folded_open"] = any(one["errors"] for one in shown["folded"])
    wrong = shown["folded_open"] or any(one["errors"] for one in shown["fields"])
    shown["is_open"] = wrong or not name or (page.at == place and page.did in ("", "add"))
    return shown


def _facts(elements: Sequence[Element], fields: Sequence[Mapping[str, Any]]) -> str:
    """Return what a folded row is told by: its choices and numbers."""
    said = []
    for element, one in zip(elements, fields, strict=True):
        if element.kind == NUMBER and one["text"]:
            said.append(f"{element.label} {one['text']}")
        elif element.kind == CHOICE and one["text"]:
            said += [option["label"] for option in one["options"] if option["selected"]]
    return " · ".join(said)


def _at(place: str, element: Element) -> str:
    return f"{place}.{element.name}" if element.name else place


def _focus(page: Page, place: str, index: int, count: int) -> str:
    """Return which control of the row takes the focus, so that whoever moves it by keyboard can go on pressing."""
    if page.at != place:
        return ""
    if page.did == "up":
        return "up" if index else "down"
    if page.did == "down":
        return "down" if index < count - 1 else "up"
    return "remove" if page.did == "remove" else "field" if page.did == "add" else ""
