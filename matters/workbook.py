"""Tables as an Excel file. What begins like a formula is written as text; what is a formula is told on reading."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from unicodedata import east_asian_width

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from halls.clean_office import XLSX, clean_office
from halls.domain.errors import Invalid
from halls.domain.printable import printable
from matters.domain.guide_table import Cell, Line, Odd

STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MOST_CELLS = 300_000  # of all sheets; a row that says nothing is one
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 10 * 1024 * 1024, 60_000, 80, 32_767
MEASURED, NARROWEST, WIDEST = 200, 8, 48  # rows that are looked at; widths in characters
_DAMAGED = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, SyntaxError, RuntimeError,
    zipfile.BadZipFile, zlib.error, InvalidFileException,
)  # fmt: skip

_WRAPPED, _BOLD = Alignment(vertical="top", wrap_text=True), Font(bold=True)  # one for all cells: each costs time


def written(tables: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return the file. Raises Invalid (`cell_too_long`)."""
    book = Workbook(write_only=True)
    for name, lines in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "B2"
        for place, width in enumerate(_widths(lines), start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for number, line in enumerate(lines):
            sheet.append([_cell(sheet, value, is_head=number == 0) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(lines: Sequence[Sequence[Cell]]) -> list[int]:
    """How wide each column is to be read without dragging, by the first rows: what is longer is wrapped."""
    found: list[int] = []
    for line in lines[:MEASURED]:
        found += [NARROWEST] * (len(line) - len(found))
        for place, value in enumerate(line):
            found[place] = min(max(found[place], _width(value) + 2), WIDEST)
    return found


def _width(value: Cell) -> int:
    """The longest line of a cell; a Chinese character takes two places."""
    lines = "" if value is None else str(value)[:LONGEST_CELL]
    return max(
        (sum(1 + (east_asian_width(one) in "WF") for one in line[:WIDEST]) for line in lines.splitlines()), default=0
    )


def _cell(sheet: Any, value: Cell, *, is_head: bool) -> Any:
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value=0)
    if isinstance(value, int):
        cell.value = value
        return cell
    value = printable(value)
    if len(value) > LONGEST_CELL:
        raise Invalid("cell_too_long", "有一格超过 Excel 的长度。", field="format", cure="请导出 JSON。")
    cell.value = value
    cell.data_type = "s"  # or a leading = would make it a formula
    cell.number_format = "@"
    cell.alignment = _WRAPPED
    cell.quotePrefix = value.startswith(STARTS_A_FORMULA)
    if is_head:
        cell.font = _BOLD
    return cell


def read(data: bytes, names: Sequence[str]) -> dict[str, list[Line]]:
    """Return the sheets of these names. Raises Invalid: too big, damaged, a bomb, macros, not an Excel file."""
    if len(data) > MOST_BYTES:
        raise _refused("文件超过 10 MB。", "请分部门导出，分几次导入。")
    _data, kind = clean_office(data, "file")
    if kind != XLSX:
        raise _refused("这不是 Excel 文件。", "请用本系统导出的 Excel 改。")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return _tables([sheet for sheet in book.worksheets if sheet.title in names])
    except _DAMAGED as error:
        raise _refused("Excel 文件已损坏，读不出来。", "请在 Excel 里重新另存为 xlsx。") from error


def _tables(sheets: Sequence[Any]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    left = MOST_CELLS
    for sheet in sheets:
        found[sheet.title] = []
        for line in _lines(sheet):
            left -= max(len(line.cells), 1)
            if left < 0:
                raise _refused(f"文件超过 {MOST_CELLS} 格。", "请分部门导出，分几次导入。")
            found[sheet.title].append(line)
    return found


def _lines(sheet: Any) -> Iterator[Line]:
    """Every row up to the last that says something; what the file claims about its size is not believed."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            raise _refused(f"“{sheet.title}”超过 {MOST_ROWS} 行。", "请分几次导入，并删去表格下面的空行。")
        cells = [_value(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        yield Line(number, tuple(cells))


def _value(cell: Any) -> Cell | Odd:
    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "f":
        return Odd(f"这一格是公式 {str(value)[:30]}。", "请改为数值或文字：复制，选择性粘贴为数值。")
    if cell.data_type == "e":
        return Odd(f"这一格是错误值 {str(value)[:10]}。", "请改为数值或文字。")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, date | time | timedelta):
        return str(value)
    return value if isinstance(value, int) else str(value)


def _refused(message: str, cure: str) -> Invalid:
    return Invalid("bad_catalogue_file", message, field="file", cure=cure)
