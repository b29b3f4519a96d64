"""The catalogue as a file: read whole, refused whole, every fault named by record and field."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from halls.domain.errors import Invalid, Problem
from matters.domain import catalogue
from matters.domain.catalogue import BasisRecord, Limit, MaterialRecord, MatterRecord, StepRecord
from matters.domain.guide_rules import check_guide
from matters.domain.record_reader import Faults, Reader, RecordFault

MAX_BYTES = 16 * 1024 * 1024
NO_LIMIT = Limit(None, "", "", "")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")


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
    data = _load(content)
    faults: list[RecordFault] = []
    records: list[MatterRecord] = []
    seen: dict[str, int] = {}
    for position, item in enumerate(data, start=1):
        name = f"第{position}条"
        if not isinstance(item, dict):
            faults.append(RecordFault(name, "record", "这一条不是对象。", "请用花括号写一条事项。"))
            continue
        code = item.get("id")
        found = Faults(code if isinstance(code, str) and _CODE.fullmatch(code) else name)
        record = read_matter(Reader(item, found), departments)
        if record.code in seen:
            found.add("id", f"{name}的编码与第{seen[record.code]}条重复。", "请删去其中一条或改正编码。")
        elif record.code:
            seen[record.code] = position
        faults += found.found
        records.append(record)
    if faults:
        raise CatalogueFileError(faults)
    return tuple(records)


def _refuse(message: str, cure: str, *, field: str = "file") -> NoReturn:
    raise CatalogueFileError([RecordFault("文件", field, message, cure)])


def _load(content: bytes) -> list[Any]:
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


def read_matter(reader: Reader, departments: Collection[str]) -> MatterRecord:
    """Read one record and check it as a guide; faults go to the reader."""
    fee, result, provenance = (reader.child(name) for name in ("fee", "result", "provenance"))
    record = MatterRecord(
        code=_code(reader),
        name=reader.required_text("name", 128),
        aliases=reader.texts("aliases", 128),
        kind=reader.word("type", catalogue.MATTER_KINDS, "事项类型"),
        theme=reader.required_text("theme", 32),
        department=_department(reader, departments),
        department_short=reader.text("department", 32),
        handling_organ=reader.text("handling_organ", 96),
        decision_level=reader.word("decision_level", catalogue.LEVELS, "层级"),
        accept_levels=reader.words("accept_levels", catalogue.LEVELS, "层级"),
        village_role=reader.word("village_role", catalogue.VILLAGE_ROLES, "村级角色"),
        service_objects=reader.words("service_objects", catalogue.SERVICE_OBJECTS, "服务对象"),
        handling=reader.word("handling_type", catalogue.HANDLING_TYPES, "办件类型"),
        statutory=_statutory(reader.child("statutory_limit")),
        promised=_promised(reader),
        legal_bases=reader.children("legal_basis", _basis),
        conditions=reader.texts("conditions", 1000),
        materials=reader.children("materials", _material),
        steps=reader.children("steps", _step),
        fee_charged=fee.flag("charged") if fee else None,
        fee_standard=fee.text("standard", 300) if fee else "",
        fee_basis=fee.text("basis", 300) if fee else "",
        result_name=result.text("name", 128) if result else "",
        result_kind=result.text("type", 32) if result else "",
        result_validity=result.text("validity", 128) if result else "",
        onsite_visits=reader.number("onsite_visits", required=False),
        confidence=_optional_word(reader, "confidence", catalogue.CONFIDENCES, "可信度"),
        sources=provenance.children("sources", _source) if provenance else (),
        notes=reader.text("notes", 4000),
        is_core=bool(reader.flag("core")),
    )
    check_guide(record, reader)
    return record


def _code(reader: Reader) -> str:
    code = reader.required_text("id", 64)
    if code and not _CODE.fullmatch(code):
        reader.wrong("id", "编码只能用字母、数字、点、横线和下划线。", "请改为如 NY-003 的编码。")
        return ""
    return code


def _department(reader: Reader, departments: Collection[str]) -> str:
    name = reader.required_text("department_full", 96)
    if name and name not in departments:
        reader.wrong("department_full", f"本县没有部门“{name}”。", "请改为已有的部门，或先在部门表里加上它。")
    return name


def _optional_word(reader: Reader, name: str, known: Collection[str], what: str) -> str:
    return reader.word(name, known, what) if reader.data.get(name) is not None else ""


def _statutory(reader: Reader | None) -> Limit:
    """Read the statutory limit; a limit without a figure keeps its words only."""
    if reader is None:
        return NO_LIMIT
    note = reader.text("note", 200)
    amount = reader.number("days", required=False)
    if amount is None:
        return Limit(None, "", note, "")
    if amount == 0:
        reader.wrong("days", "法定时限不能是 0。", "请填写天数，或把法定时限留空。")
    unit = reader.word("unit", catalogue.LIMIT_UNITS, "时限单位")
    return Limit(amount, unit, note, reader.word("basis", catalogue.STATUTE_BASES, "数据来源"))


def _promised(reader: Reader) -> Limit:
    limit = reader.child("promised_limit")
    if limit is None:
        if reader.data.get("promised_limit") is None:
            reader.wrong("promised_limit", "没有承诺时限。", "请填写计入时限的环节天数之和。")
        return NO_LIMIT
    unit = limit.word("unit", catalogue.LIMIT_UNITS, "时限单位")
    if unit and unit != catalogue.WORKING_DAY:
        limit.wrong("unit", "承诺时限应按工作日计。", "请改为工作日。")
    return Limit(
        limit.number("days"), unit, limit.text("note", 200), limit.word("basis", catalogue.PROMISE_BASES, "数据来源")
    )


def _basis(reader: Reader) -> BasisRecord:
    return BasisRecord(reader.required_text("law", 200), reader.text("doc_no", 100), reader.texts("articles", 64))


def _material(reader: Reader) -> MaterialRecord:
    return MaterialRecord(
        name=reader.required_text("name", 200),
        form=reader.text("form", 64),
        originals=reader.number("originals", required=False) or 0,
        copies=reader.number("copies", required=False) or 0,
        view_original=bool(reader.flag("view_original")),
        medium=reader.text("medium", 32),
        source=reader.text("source", 64),
        issuer=reader.text("issuer", 128),
        necessity=reader.word("necessity", catalogue.NECESSITIES, "必要性"),
        necessity_note=reader.text("necessity_note", 200),
        is_shareable=bool(reader.flag("shareable")),
        has_template=bool(reader.flag("template")),
        note=reader.text("note", 300),
    )


def _step(reader: Reader) -> StepRecord:
    return StepRecord(
        seq=reader.number("seq") or 0,
        name=reader.required_text("name", 64),
        level=reader.word("level", catalogue.LEVELS, "层级"),
        actor=reader.required_text("actor", 96),
        kind=reader.word("kind", catalogue.STEP_KINDS, "环节类别"),
        days=reader.number("days") or 0,
        unit=reader.word("unit", catalogue.LIMIT_UNITS, "时限单位"),
        counts_in_limit=reader.required_flag("counts_in_limit"),
    )


def _source(reader: Reader) -> dict[str, str]:
    found = {name: reader.text(name, 500) for name in ("key", "title", "site_kind", "facts", "url")}
    return {name: value for name, value in found.items() if value}
