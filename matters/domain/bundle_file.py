"""Bundles as a file: read whole, refused whole, every fault named by record and field."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from matters.domain import catalogue
from matters.domain.bundle import RELATED, BundleRecord, Dependency, Member, cycle_of, out_of_order
from matters.domain.catalogue_file import CatalogueFileError, load_list
from matters.domain.matter_reader import CODE
from matters.domain.record_reader import Faults, Reader, RecordFault


def parse_bundles(content: bytes, *, matters: Collection[str], leads: Collection[str]) -> tuple[BundleRecord, ...]:
    """Return the bundles of the file. `matters` are the codes in use, `leads` the short names of bureaus.

    Raises CatalogueFileError with every fault of the file.
    """
    faults: list[RecordFault] = []
    records: list[BundleRecord] = []
    seen: set[str] = set()
    for position, item in enumerate(load_list(content), start=1):
        name = f"第{position}条"
        if not isinstance(item, dict):
            faults.append(RecordFault(name, "record", "这一条不是对象。", "请用花括号写一条一件事。"))
            continue
        code = item.get("id")
        found = Faults(code if isinstance(code, str) and CODE.fullmatch(code) else name)
        record = read_bundle(Reader(item, found), matters, leads)
        if record.code in seen:
            found.add("id", f"编码 {record.code} 重复。", "请删去其中一条或改正编码。")
        seen.add(record.code)
        faults += found.found
        records.append(record)
    if faults:
        raise CatalogueFileError(faults)
    return tuple(records)


def read_bundle(reader: Reader, matters: Collection[str] | None, leads: Collection[str] | None) -> BundleRecord:
    """Read one bundle; faults go to the reader. None: codes and departments are not looked up."""
    code = reader.required_text("id", 64)
    if code and not CODE.fullmatch(code):
        reader.wrong("id", "编码只能用字母、数字、点、横线和下划线。", "请改为如 YJS-01 的编码。")
    promised, provenance = reader.child("promised_limit"), reader.child("provenance")
    lead = reader.required_text("lead_department", 32)
    if lead and leads is not None and lead not in leads:
        reader.wrong("lead_department", f"本县没有部门“{lead}”。", "请改为部门简称，如民政、人社。")
    record = BundleRecord(
        code=code,
        name=reader.required_text("name", 64),
        lead=lead,
        service_objects=reader.words("service_objects", catalogue.SERVICE_OBJECTS, "服务对象"),
        accept_levels=reader.words("accept_levels", catalogue.LEVELS, "层级"),
        form=reader.required_text("one_form", 128),
        conditions=reader.texts("conditions", 500),
        members=_members(reader),
        shared_materials=reader.texts("shared_materials", 200),
        dependencies=reader.children("dependencies", _dependency),
        promised_days=promised.number("days", required=False) if promised else None,
        promised_note=promised.text("note", 200) if promised else "",
        stops=reader.children("stop_benefits", lambda row: row.required_text("matter_id", 64)),
        sources=provenance.children("sources", _source) if provenance else (),
        notes=reader.text("notes", 2000),
    )
    _check(record, reader, matters)
    return record


def _members(reader: Reader) -> tuple[Member, ...]:
    staged = reader.children("stages", _stage)
    beside = reader.children("related_members", lambda row: _member(row, RELATED))
    return (*(member for stage in staged for member in stage), *beside)


def _stage(reader: Reader) -> tuple[Member, ...]:
    number = reader.number("stage") or 1
    return reader.children("members", lambda row: _member(row, number))


def _member(reader: Reader, stage: int) -> Member:
    return Member(
        code=reader.required_text("matter_id", 64),
        stage=stage,
        is_optional=bool(reader.flag("optional")),
        condition=reader.text("condition", 200),
    )


def _dependency(reader: Reader) -> Dependency:
    return Dependency(
        result_of=reader.required_text("result_of_id", 64),
        material=reader.required_text("material", 200),
        used_by=reader.required_text("used_by_id", 64),
    )


def _source(reader: Reader) -> dict[str, str]:
    found = {name: reader.text(name, 500) for name in ("title", "url", "facts")}
    return {name: value for name, value in found.items() if value}


def _check(record: BundleRecord, reader: Reader, matters: Collection[str] | None) -> None:
    """Tell of every contradiction: members twice or unknown, circles, results that come too late."""
    _check_members(record, reader, matters)
    codes = {member.code for member in record.members}
    for index, one in enumerate(record.dependencies):
        for code in {one.result_of, one.used_by} - codes - {""}:
            reader.wrong(f"dependencies[{index}]", f"{code} 不是这件事的成员。", "请先把它列为成员。")
    _check_order(record, reader)


def _check_members(record: BundleRecord, reader: Reader, matters: Collection[str] | None) -> None:
    codes = [member.code for member in record.members]
    if not record.stages:
        reader.wrong("stages", "没有成员事项。", "请至少写一个阶段和一个成员。")
    elif record.stages != tuple(range(1, len(record.stages) + 1)):
        reader.wrong("stages", f"阶段序号是 {'、'.join(map(str, record.stages))}。", "请从 1 起连续编号。")
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        reader.wrong("stages", f"成员 {code} 重复。", "一个事项在一件事里只写一次。")
    if matters is not None:
        for code in sorted({*codes, *record.stops} - set(matters) - {""}):
            reader.wrong("stages", f"事项目录里没有在用的 {code}。", "请改正编码，或先导入这个事项；已经取消的请去掉。")


def _check_order(record: BundleRecord, reader: Reader) -> None:
    circle = cycle_of(record.dependencies)
    if circle:
        words = " → ".join((*circle, circle[0]))
        reader.wrong("dependencies", f"互为前置，谁也办不成：{words}。", "请去掉其中一条依赖。")
        return
    for one in out_of_order(record):
        reader.wrong(
            "dependencies",
            f"{one.used_by} 要用 {one.result_of} 的结果“{one.material}”，却不在它后面的阶段。",
            "请把它放到后一个阶段；由同一机关一并核发的，不要写成依赖。",
        )


def as_dict(record: BundleRecord) -> dict[str, Any]:
    """Return the record in the words of a file."""

    def member(one: Member) -> dict[str, Any]:
        return {"matter_id": one.code, "optional": one.is_optional, "condition": one.condition or None}

    return {
        "id": record.code,
        "name": record.name,
        "lead_department": record.lead,
        "service_objects": list(record.service_objects),
        "accept_levels": list(record.accept_levels),
        "one_form": record.form,
        "conditions": list(record.conditions),
        "stages": [
            {"stage": stage, "members": [member(one) for one in record.members if one.stage == stage]}
            for stage in record.stages
        ],
        "related_members": [member(one) for one in record.members if one.stage == RELATED],
        "shared_materials": list(record.shared_materials),
        "dependencies": [
            {"result_of_id": one.result_of, "material": one.material, "used_by_id": one.used_by}
            for one in record.dependencies
        ],
        "promised_limit": {"days": record.promised_days, "note": record.promised_note},
        "stop_benefits": [{"matter_id": code} for code in record.stops],
        "provenance": {"sources": [dict(source) for source in record.sources]},
        "notes": record.notes,
    }
