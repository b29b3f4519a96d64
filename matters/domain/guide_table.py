"""The catalogue as tables: a sheet of matters, and one for every list of parts; written and read back exactly.

A cell is a text, a whole number or nothing. Headings are found by their words, in any order; a sheet or a column that
is not in the file leaves what the guide says.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from matters.domain.content_edit import NO, YES, meant, number_in, put, rows_at, tidy_limits, value_at
from matters.domain.elements import (
    CHOICE,
    CHOICES,
    FLAG,
    LINES,
    MATERIALS,
    NUMBER,
    PERHAPS,
    SECTIONS,
    STEPS_SECTION,
    Element,
    Rows,
    all_rows,
)

Cell = str | int | None
CODE: Final = "事项编码"
MATTERS: Final = "事项"
SHEETS: Final = {
    "legal_basis": "依据", "conditions": "条件", "materials": "材料", "steps": "环节", "fee.items": "收费项目",
    "variants": "业务办理项", "questions": "情形", "faq": "问答", "provenance.sources": "出处",
}  # fmt: skip
SINGLE: Final = tuple(element for section in SECTIONS for element in section.elements)
SEQ: Final = Element("seq", "序号", NUMBER)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OWN = re.compile(r"[\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is neither text nor number, such as a formula."""

    message: str
    cure: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet with its number there."""

    number: int
    cells: tuple[Cell | Odd, ...]


@dataclass(frozen=True, slots=True)
class TableFault:
    """What is wrong, where a person finds it: sheet, row, column."""

    where: str
    field: str
    message: str
    cure: str


@dataclass
class Entry:
    """A matter of the file. `given` are the paths that it speaks of; `places` tell where each of them stands."""

    code: str
    where: str
    content: dict[str, Any]
    given: set[str] = field(default_factory=set)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[TableFault] = field(default_factory=list)
    is_whole: bool = False

    def over(self, base: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content of the matter: what the file says, over what the guide said before."""
        if self.is_whole:
            return self.content
        found = copy.deepcopy(dict(base))
        for path in self.given:
            put(found, path, value_at(self.content, path))
        found["id"] = self.code
        return tidy_limits(found)


# --- writing ---------------------------------------------------------------------------------------------------------


def tables_of(contents: Iterable[Mapping[str, Any]]) -> dict[str, list[list[Cell]]]:
    """Return all sheets, headings first."""
    tables: dict[str, list[list[Cell]]] = {MATTERS: [[CODE, *(element.label for element in SINGLE)]]}
    tables |= {SHEETS[rows.name]: [[CODE, *(one.label for one in columns(rows))]] for rows in all_rows()}
    for content in contents:
        code = str(content.get("id", ""))
        tables[MATTERS].append([code, *(cell_of(one, value_at(content, one.name)) for one in SINGLE)])
        for rows in all_rows():
            tables[SHEETS[rows.name]] += [[code, *cells] for cells in _lines_of(rows, content)]
    return tables


def columns(rows: Rows) -> tuple[Element, ...]:
    """Return the columns of a list: its own, then those of the list inside it."""
    own = (SEQ, *rows.elements) if rows.name in STEPS_SECTION.roots else rows.elements
    return (*own, *(rows.inner.elements if rows.inner is not None else ()))


def _lines_of(rows: Rows, content: Mapping[str, Any]) -> Iterator[list[Cell]]:
    own = columns(rows)[: len(columns(rows)) - (len(rows.inner.elements) if rows.inner else 0)]
    for row in rows_at(content, rows):
        cells = [cell_of(one, value_at(row, one.name) if one.name else row) for one in own]
        if rows.inner is None:
            yield cells
            continue
        nothing: list[Cell] = [None] * len(rows.inner.elements)
        inner = [
            [cell_of(one, value_at(part, one.name)) for one in rows.inner.elements] for part in row[rows.inner.name]
        ]
        yield from (cells + more for more in inner or [nothing])


def cell_of(element: Element, value: Any) -> Cell:
    """Return a value as a cell; `value_in` gives it back."""
    labels = dict(element.choices)
    if element.kind == CHOICES:
        return "、".join(labels.get(one, one) for one in value or ()) or None
    if element.kind in (LINES, MATERIALS):
        return "\n".join(escaped(one).replace("\n", "_x000A_") for one in value or ()) or None
    if element.kind in (FLAG, PERHAPS):
        return None if value is None else YES if value else NO
    if value is None or value == "":
        return None
    if element.kind == NUMBER:
        return int(value)
    return labels.get(value, escaped(str(value)))


def escaped(text: str) -> str:
    """Write what a spreadsheet would change as _xHHHH_, the way its own format does."""
    return _OWN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


# --- reading ---------------------------------------------------------------------------------------------------------


def value_in(element: Element, cell: Cell) -> Any:
    """Return what a cell says, in the types of a record; what fits nothing stays as it is, for the reader to find."""
    text = "" if cell is None else str(cell).replace("\r\n", "\n").strip()
    words = {label: value for value, label in element.choices}
    if element.kind == NUMBER:
        return cell if isinstance(cell, int) and not isinstance(cell, bool) else number_in(text)
    if element.kind in (FLAG, PERHAPS):
        default = None if element.kind == PERHAPS else False
        return {YES: True, NO: False, "": default, "True": True, "False": False}.get(text, text)
    if element.kind == CHOICES:
        return [words.get(one.strip(), one.strip()) for one in re.split("[、\n]", text) if one.strip()]
    if element.kind in (LINES, MATERIALS):
        return [unescaped(one.strip()) for one in text.split("\n") if one.strip()]
    if element.kind == CHOICE and text in words:
        return words[text]
    return meant(element, (unescaped(text),))


def entries_of(tables: Mapping[str, Sequence[Line]]) -> tuple[list[Entry], list[TableFault]]:
    """Return the matters of the file, and what is wrong with the file beside them."""
    lost: list[TableFault] = []
    if MATTERS not in tables:
        return [], [TableFault("文件", MATTERS, "没有“事项”这张表。", "请用本系统导出的 Excel 改，不要改表名。")]
    entries: dict[str, Entry] = {}
    heads = _heads(tables[MATTERS], MATTERS, SINGLE, lost)
    for line in tables[MATTERS][1:]:
        entry = _entry(line, heads, entries, lost)
        if entry is not None:
            entries[entry.code] = entry
    for rows in all_rows():
        name = SHEETS[rows.name]
        if name in tables:
            _read_list(rows, name, tables[name], entries, lost)
    return list(entries.values()), lost


def _heads(
    lines: Sequence[Line], sheet: str, known: Iterable[Element], lost: list[TableFault]
) -> dict[int, Element | None]:
    """Return which column is which element; None is the code."""
    by_label: dict[str, Element | None] = {element.label: element for element in known} | {CODE: None}
    found: dict[int, Element | None] = {}
    for column, cell in enumerate(lines[0].cells if lines else ()):
        label = str(cell or "").strip()
        if label in by_label and by_label[label] not in found.values():
            found[column] = by_label[label]
        elif label:
            lost.append(
                TableFault(
                    f"{sheet} 第 1 行", label[:30], "不认识的列，或者重复的列。", "请改回导出时的列名，或删去这一列。"
                )
            )
    if None not in found.values():
        lost.append(TableFault(f"{sheet} 第 1 行", CODE, "没有“事项编码”列。", "请补上这一列，每行都写编码。"))
    return found


def _code_in(line: Line, heads: Mapping[int, Element | None]) -> str:
    column = next((column for column, element in heads.items() if element is None), None)
    cell = line.cells[column] if column is not None and column < len(line.cells) else None
    return "" if cell is None or isinstance(cell, Odd) else str(cell).strip()


def _entry(
    line: Line, heads: Mapping[int, Element | None], entries: Mapping[str, Entry], lost: list[TableFault]
) -> Entry | None:
    if all(cell is None for cell in line.cells):
        return None
    where, code = f"{MATTERS} 第 {line.number} 行", _code_in(line, heads)
    if not code:
        lost.append(TableFault(where, CODE, "没有写编码。", "请填编码，如 NY-003。"))
        return None
    alike = entries.get(code) or next((one for one in entries.values() if one.code.lower() == code.lower()), None)
    if alike is not None:
        lost.append(TableFault(where, CODE, f"编码 {code} 与{alike.where}重复。", "请删去其中一行或改正编码。"))
        return None
    entry = Entry(code, where, {"id": code})
    entry.places["id"] = (where, CODE)
    for element, cell in _cells(line, heads, entry.faults, where):
        put(entry.content, element.name, value_in(element, cell))
        entry.given.add(element.name)
        entry.places[element.name] = (where, element.label)
    return entry


def _cells(
    line: Line, heads: Mapping[int, Element | None], faults: list[TableFault], where: str
) -> Iterator[tuple[Element, Cell]]:
    for column, element in heads.items():
        cell = line.cells[column] if column < len(line.cells) else None
        label = element.label if element is not None else CODE
        if isinstance(cell, Odd):
            faults.append(TableFault(where, label, cell.message, cell.cure))
        elif element is not None:
            yield element, cell


def _read_list(
    rows: Rows, sheet: str, lines: Sequence[Line], entries: Mapping[str, Entry], lost: list[TableFault]
) -> None:
    heads = _heads(lines, sheet, columns(rows), lost)
    for entry in entries.values():
        put(entry.content, rows.name, [])
        entry.given.add(rows.name)
        entry.places[rows.name] = (entry.where, rows.label)
    for line in lines[1:]:
        if all(cell is None for cell in line.cells):
            continue
        where, code = f"{sheet} 第 {line.number} 行", _code_in(line, heads)
        owner = entries.get(code)
        if owner is None:
            said = f"“事项”表里没有编码 {code}。" if code else "没有写编码。"
            lost.append(TableFault(where, CODE, said, "请填“事项”表里有的编码，或删去这一行。"))
            continue
        _read_line(rows, owner, dict(_cells(line, heads, owner.faults, where)), where)


def _read_line(rows: Rows, entry: Entry, cells: Mapping[Element, Cell], where: str) -> None:
    """Add one line to a list. Of a list with a list inside, the lines that begin alike are one row."""
    listed = value_at(entry.content, rows.name)
    if rows.is_text:
        entry.places[f"{rows.name}[{len(listed)}]"] = (where, rows.elements[0].label)
        listed.append(value_in(rows.elements[0], cells.get(rows.elements[0])))
        return
    inner = rows.inner.elements if rows.inner is not None else ()
    row = {element.name: value_in(element, cell) for element, cell in cells.items() if element not in inner}
    is_more = rows.inner is not None and listed and all(listed[-1].get(name) == value for name, value in row.items())
    if not is_more:
        listed.append(row | ({rows.inner.name: []} if rows.inner is not None else {}))
    place = f"{rows.name}[{len(listed) - 1}]"
    if not is_more:
        entry.places |= {f"{place}.{one.name}": (where, one.label) for one in cells if one not in inner}
        entry.places[place] = (where, rows.label)
    more = {element.name: value_in(element, cell) for element, cell in cells.items() if element in inner}
    if rows.inner is not None and any(more.values()):
        options = listed[-1][rows.inner.name]
        here = f"{place}.{rows.inner.name}[{len(options)}]"
        entry.places |= {f"{here}.{one.name}": (where, one.label) for one in cells if one in inner}
        options.append(more)
