"""A county's code list as a file: read whole, refused whole, every faulty line named.

Columns code,name,level,parent_code; codes of 6 digits (county), 9 (township) and 12 (village), each
nested in its parent by prefix, as in the code list of the National Bureau of Statistics.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from halls.domain.errors import Invalid, Problem

HEADER = ("code", "name", "level", "parent_code")
LEVEL_OF_LENGTH = {6: "county", 9: "township", 12: "village"}
LEVEL_LABELS = {"county": "县", "township": "乡镇(街道)", "village": "村(社区)"}
PARENT_LENGTH = {"township": 6, "village": 9}
MAX_BYTES = 4 * 1024 * 1024
MAX_NAME = 64

_DIGITS = re.compile(r"[0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class DivisionRow:
    line: int
    code: str
    name: str
    level: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """One thing that is wrong: the line (1 is the header, 0 the file as a whole), the column and the cure."""

    line: int
    field: str
    message: str
    cure: str


class CountyFileError(Invalid):
    """The file cannot be taken; `faults` names every line of it that is wrong."""

    def __init__(self, faults: Iterable[LineFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.field)))
        first = self.faults[0]
        super().__init__(
            "bad_county_file",
            f"区划文件有 {len(self.faults)} 处错误，没有写入任何数据。",
            field=first.field,
            cure=first.cure,
            problems=tuple(Problem(f"第{f.line}行 {f.field}", f.message, f.cure) for f in self.faults),
        )


def parse_divisions(content: bytes) -> tuple[DivisionRow, ...]:
    """Return the rows of one county in the order county, townships, villages, by code.

    Raises CountyFileError with every fault of the file.
    """
    rows, faults = _read_rows(_decode(content))
    faults += _check_tree(rows)
    if faults:
        raise CountyFileError(faults)
    return tuple(sorted(rows, key=lambda row: (len(row.code), row.code)))


def _whole(message: str, cure: str, *, line: int = 0, field: str = "file") -> CountyFileError:
    return CountyFileError([LineFault(line, field, message, cure)])


def _decode(content: bytes) -> str:
    if not content.strip():
        raise _whole("文件是空的。", "请放入县、乡镇、村的区划清单，首行为 code,name,level,parent_code。")
    if len(content) > MAX_BYTES:
        raise _whole(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像一个县的区划清单。", "请一个县一个文件。")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _whole("这是表格软件的工作簿，不是 CSV。", "请在表格软件里另存为“CSV UTF-8（逗号分隔）”。", line=1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _whole("文字不是 UTF-8 编码。", "请另存为 UTF-8 编码的 CSV 后再导入。", line=line) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise _whole("文件含有空字节，不是文本（也可能是 UTF-16 编码）。", "请另存为 UTF-8 编码的 CSV。", line=line)
    return text


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which a record starts, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _whole(
                "引号没有成对，或者不是逗号分隔的文本。", "请检查这一行的双引号，或重新导出 CSV。", line=start
            ) from None
        yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def _read_rows(text: str) -> tuple[list[DivisionRow], list[LineFault]]:
    records = _cells(text)
    _, header = next(records)
    if tuple(header) != HEADER:
        raise _whole(
            f"首行应为 {','.join(HEADER)}，现在是 {','.join(header)[:80]}。",
            "请按这四列、这个顺序和英文小写写首行。",
            line=1,
            field="header",
        )
    rows: list[DivisionRow] = []
    faults: list[LineFault] = []
    for line, cells in records:
        if not any(cells):
            continue
        if len(cells) != len(HEADER):
            faults.append(LineFault(line, "row", f"这一行有 {len(cells)} 格，应为 4 格。", "请补齐或删去多余的逗号。"))
            continue
        row = DivisionRow(line, *cells)
        found = list(_check_row(row))
        faults += found
        if not any(fault.field == "code" for fault in found):
            rows.append(row)
    if not rows and not faults:
        raise _whole("首行之后没有区划。", "请从第 2 行起每行写一个区划。", line=1)
    return rows, faults


def _check_row(row: DivisionRow) -> Iterator[LineFault]:
    level = LEVEL_OF_LENGTH.get(len(row.code))
    if not _DIGITS.fullmatch(row.code):
        yield LineFault(row.line, "code", f"代码“{row.code[:20]}”不全是半角数字。", "请填 6、9 或 12 位半角数字。")
    elif level is None:
        yield LineFault(
            row.line, "code", f"代码“{row.code[:20]}”有 {len(row.code)} 位。", "县 6 位、乡镇 9 位、村 12 位。"
        )
    if row.level not in LEVEL_LABELS:
        yield LineFault(row.line, "level", f"层级“{row.level[:20]}”不认识。", "请填 county、township 或 village。")
    elif level and row.level != level:
        yield LineFault(
            row.line,
            "level",
            f"{len(row.code)} 位代码是{LEVEL_LABELS[level]}，层级却写了 {row.level}。",
            f"请改为 {level}。",
        )
    if not row.name:
        yield LineFault(row.line, "name", "没有名称。", "请填区划的规范名称。")
    elif len(row.name) > MAX_NAME or _CONTROL.search(row.name):
        yield LineFault(row.line, "name", f"名称过长（上限 {MAX_NAME} 字）或含有不可见字符。", "请改为规范名称。")


def _check_tree(rows: list[DivisionRow]) -> list[LineFault]:
    faults: list[LineFault] = []
    lines: dict[str, int] = {}
    for row in rows:
        if row.code in lines:
            faults.append(
                LineFault(
                    row.line, "code", f"代码 {row.code} 与第 {lines[row.code]} 行重复。", "请删去其中一行或改正代码。"
                )
            )
        lines.setdefault(row.code, row.line)
    counties = [row for row in rows if len(row.code) == 6]
    if rows and not counties:
        faults.append(LineFault(0, "level", "没有县（county）这一行。", "请加上 6 位代码的县。"))
    faults.extend(
        LineFault(row.line, "code", f"第 {counties[0].line} 行已有一个县。", "一个文件只放一个县，第二个县另放文件。")
        for row in counties[1:]
        if row.code != counties[0].code
    )
    for row in rows:
        faults += _check_parent(row, lines)
    return faults


def _check_parent(row: DivisionRow, lines: dict[str, int]) -> Iterator[LineFault]:
    length = PARENT_LENGTH.get(LEVEL_OF_LENGTH[len(row.code)])
    if length is None:
        if row.parent_code and not row.code.startswith(row.parent_code):
            yield LineFault(
                row.line,
                "parent_code",
                f"上级 {row.parent_code[:20]} 不是 {row.code} 的开头。",
                "请填市级代码的前 4 位或留空。",
            )
        return
    expected = row.code[:length]
    if row.parent_code != expected:
        yield LineFault(
            row.line,
            "parent_code",
            f"{row.code} 应在 {expected} 之下，上级却写了“{row.parent_code[:20]}”。",
            f"请把上级改为 {expected}，或改正代码。",
        )
    elif expected not in lines:
        yield LineFault(
            row.line, "parent_code", f"上级 {expected} 不在文件里。", f"请补上 {expected} 这一行，或删去本行。"
        )
