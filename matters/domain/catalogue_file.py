"""The catalogue as a file: read whole, refused whole, every fault named by record and field."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from halls.domain.errors import Invalid, Problem
from matters.domain.catalogue import MatterRecord
from matters.domain.matter_reader import CODE, read_matter, refuse_strangers
from matters.domain.record_reader import Faults, Reader, RecordFault

MAX_BYTES = 16 * 1024 * 1024


class CatalogueFileError(Invalid):
    """The file cannot be taken; `faults` names every record and field that is wrong."""

    def __init__(self, faults: Iterable[RecordFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "bad_catalogue_file",
            f"事项文件有 {len(self.faults)} 处错误，没有写入任何数据。",
            field=self.faults[0].field,
            cure=self.faults[0].cure,
            problems=tuple(Problem(f"{f.record} {f.field}", f.message, f.cure) for f in self.faults),
        )


def parse_catalogue(content: bytes, *, departments: Collection[str]) -> tuple[MatterRecord, ...]:
    """Return the matters of the file. `departments` are the organs that the county has.

    Raises CatalogueFileError with every fault of the file.
    """
    data = load_list(content)
    faults: list[RecordFault] = []
    records: list[MatterRecord] = []
    seen: dict[str, int] = {}
    for position, item in enumerate(data, start=1):
        name = f"第{position}条"
        if not isinstance(item, dict):
            faults.append(RecordFault(name, "record", "这一条不是对象。", "请用花括号写一条事项。"))
            continue
        code = item.get("id")
        found = Faults(code if isinstance(code, str) and CODE.fullmatch(code) else name)
        reader = Reader(item, found)
        record = read_matter(reader, departments)
        refuse_strangers(reader)
        plain = record.code.lower()  # codes that differ in case alone are one
        if plain in seen:
            found.add("id", f"{name}的编码与第{seen[plain]}条重复。", "请删去其中一条或改正编码。")
        elif plain:
            seen[plain] = position
        faults += found.found
        records.append(record)
    if faults:
        raise CatalogueFileError(faults)
    return tuple(records)


def _refuse(message: str, cure: str, *, field: str = "file") -> NoReturn:
    raise CatalogueFileError([RecordFault("文件", field, message, cure)])


def load_list(content: bytes) -> list[Any]:
    """Return the list that a JSON file holds. Raises CatalogueFileError (empty, too big, encoding, half a file)."""
    if not content.strip():
        _refuse("文件是空的。", "请放入事项清单（JSON 列表）。")
    if len(content) > MAX_BYTES:
        _refuse(f"文件超过 {MAX_BYTES // 1024 // 1024} MB。", "请拆成几个文件，或检查是否放错了文件。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(f"第 {line} 行起不是 UTF-8 编码。", "请另存为 UTF-8 编码后再导入。")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(
            f"第 {error.lineno} 行第 {error.colno} 列起不是完整的 JSON。",
            "文件可能只传了一半，请重新取得完整的文件。",
            field=f"line {error.lineno}",
        )
    except (RecursionError, ValueError):  # nested too deep; a number of too many digits
        _refuse("JSON 的嵌套太深，或数字太长。", "请检查是否放错了文件。")
    if not isinstance(data, list):
        _refuse("最外层应为列表。", "请用方括号把所有事项括起来。")
    if not data:
        _refuse("列表里没有事项。", "请放入至少一条事项。")
    return data
