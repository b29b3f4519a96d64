"""One record of the catalogue, read field by field; MatterRecord is what comes out, or faults with their cures."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from matters.domain import catalogue
from matters.domain.catalogue import (
    NO_LIMIT,
    AnswerRecord,
    BasisRecord,
    FeeRecord,
    Limit,
    MaterialRecord,
    MatterRecord,
    OptionRecord,
    QuestionRecord,
    StepRecord,
    VariantRecord,
)
from matters.domain.guide_rules import check_guide
from matters.domain.record_reader import Faults, Reader

# The words of our own addresses (/guides/halls/, /matters/drafts/ ...) are no codes.
RESERVED = (
    "halls", "drafts", "lint", "import", "similar", "sameness", "export.json", "export.xlsx", "new", "files", "check",
    "closing", "history",
)  # fmt: skip
_SHAPE = "[0-9A-Za-z][0-9A-Za-z._-]{0,63}"
_OWN = "|".join(re.escape(word) for word in RESERVED)
CODE = re.compile(rf"(?!(?i:{_OWN})\Z){_SHAPE}")
CODE_CURE = f"请填如 NY-003 的编码；{'、'.join(RESERVED[:6])}等是本系统的网址，不能作编码。"
# Names of the composers' own notes in the file that ships.
UNREAD = frozenset({"special_procedures", "seed_refs", "provenance.kind"})


def read_matter(reader: Reader, departments: Collection[str] | None) -> MatterRecord:
    """Read one record and check it as a guide; faults go to the reader. None: the department is not looked up."""
    record = MatterRecord(
        **_identity(reader, departments),
        **_organ(reader),
        **_substance(reader),
        **_charge_and_result(reader),
        **_ways(reader),
        **_provenance(reader),
    )
    check_guide(record, reader)
    return record


def refuse_strangers(reader: Reader) -> None:
    """Note every name that the format does not have: what is misspelt would silently not be imported.

    The reader has read its record.
    """
    for place, near in reader.strangers():
        if place not in UNREAD:
            cure = f"请改为“{near}”，或删去这一项。" if near else "请改回导出时的键名，或删去这一项。"
            reader.faults.add(place, f"不认识的键“{place[:60]}”，里面的内容不会导入。", cure)


def trusted_record(content: Mapping[str, Any]) -> MatterRecord:
    """Read what as_dict wrote and the database kept. Raises ValueError when it is not that."""
    faults = Faults(str(content.get("id", "")), of_today=False)
    record = read_matter(Reader(content, faults), None)
    if faults.found:
        raise ValueError(f"stored guide {faults.record}: {faults.found[0]}")
    return record


def _identity(reader: Reader, departments: Collection[str] | None) -> dict[str, Any]:
    """What it is called, and under which codes and words it is found."""
    topics = reader.child("topics")
    return {
        "code": _code(reader),
        "name": reader.required_text("name", 128),
        "aliases": reader.texts("aliases", 128),
        "kind": reader.word("type", catalogue.MATTER_KINDS, "事项类型"),
        "theme": reader.required_text("theme", 32),
        "department": _department(reader, departments),
        "department_short": reader.text("department", 32),
        "is_core": bool(reader.flag("core")),
        "basic_code": reader.text("basic_code", 12),
        "task_code": reader.text("task_code", 31),
        "parent_code": reader.text("parent_code", 64),
        "variants": reader.children("variants", _variant),
        "personal_topics": topics.texts("personal", 32) if topics else (),
        "legal_topics": topics.texts("legal", 32) if topics else (),
        "life_events": _optional_words(reader, "life_events", (*catalogue.LIFE_EVENTS, *catalogue.TOPICS), "人生事件"),
    }


def _organ(reader: Reader) -> dict[str, Any]:
    """Who decides, who takes it in, for whom."""
    return {
        "handling_organ": reader.text("handling_organ", 96),
        "decision_level": reader.word("decision_level", catalogue.LEVELS, "层级"),
        "accept_levels": reader.words("accept_levels", catalogue.LEVELS, "层级"),
        "village_role": reader.word("village_role", catalogue.VILLAGE_ROLES, "村级角色"),
        "service_objects": reader.words("service_objects", catalogue.SERVICE_OBJECTS, "服务对象"),
        "handling": reader.word("handling_type", catalogue.HANDLING_TYPES, "办件类型"),
        "organ_kind": _optional_word(reader, "organ_kind", catalogue.ORGAN_KINDS, "实施主体性质"),
        "power_source": _optional_word(reader, "power_source", catalogue.POWER_SOURCES, "权力来源"),
        "entrusted_by": reader.text("entrusted_by", 96),
    }


def _substance(reader: Reader) -> dict[str, Any]:
    """Limits, grounds, materials and steps."""
    return {
        "statutory": _statutory(reader.child("statutory_limit")),
        "promised": _promised(reader),
        "provincial": _provincial(reader.child("provincial_limit")),
        "legal_bases": reader.children("legal_basis", _basis),
        "conditions": reader.texts("conditions", 1000),
        "materials": reader.children("materials", _material),
        "steps": reader.children("steps", _step),
        "questions": reader.children("questions", _question),
        "faq": reader.children("faq", _answer),
    }


def _charge_and_result(reader: Reader) -> dict[str, Any]:
    fee, result = reader.child("fee"), reader.child("result")
    return {
        "fee_charged": fee.flag("charged") if fee else None,
        "fee_standard": fee.text("standard", 300) if fee else "",
        "fee_basis": fee.text("basis", 300) if fee else "",
        "fee_items": fee.children("items", _fee_item) if fee else (),
        "result_name": result.text("name", 128) if result else "",
        "result_kind": result.text("type", 32) if result else "",
        "result_validity": result.text("validity", 128) if result else "",
        "result_sample": result.text("sample", 128) if result else "",
    }


def _ways(reader: Reader) -> dict[str, Any]:
    """How, where and when one goes about it."""
    return {
        "onsite_visits": reader.number("onsite_visits", required=False),
        "visits_note": reader.text("visits_note", 200),
        "channels": _optional_words(reader, "channels", catalogue.CHANNELS, "办理形式"),
        "reach": _optional_word(reader, "reach", catalogue.REACHES, "通办范围"),
        "booking": reader.text("booking", 200),
        "pays_online": reader.flag("pays_online"),
        "is_shipped": reader.flag("shipped"),
        "place": reader.text("place", 300),
        "hours": reader.text("hours", 200),
        "consult": reader.text("consult", 200),
        "complaint": reader.text("complaint", 200),
        "remedies": reader.text("remedies", 500),
    }


def _provenance(reader: Reader) -> dict[str, Any]:
    provenance = reader.child("provenance")
    return {
        "confidence": _optional_word(reader, "confidence", catalogue.CONFIDENCES, "可信度"),
        "sources": provenance.children("sources", _source) if provenance else (),
        "composed": _optional_words(provenance, "composed", catalogue.COMPOSABLE, "示例内容") if provenance else (),
        "notes": reader.text("notes", 4000),
    }


def _code(reader: Reader) -> str:
    code = reader.required_text("id", 64)
    if code and not CODE.fullmatch(code):
        reader.wrong("id", "编码只能用字母、数字、点、横线和下划线，不能用本系统网址里的词。", CODE_CURE)
        return ""
    return code


def _department(reader: Reader, departments: Collection[str] | None) -> str:
    name = reader.required_text("department_full", 96)
    if name and departments is not None and name not in departments:
        reader.wrong("department_full", f"本县没有部门“{name}”。", "请改为已有的部门，或先在部门表里加上它。")
    return name


def _optional_word(reader: Reader, name: str, known: Collection[str], what: str) -> str:
    return reader.word(name, known, what) if reader.has(name) is not None else ""


def _optional_words(reader: Reader, name: str, known: Collection[str], what: str) -> tuple[str, ...]:
    return reader.words(name, known, what) if reader.has(name) else ()


def _provincial(reader: Reader | None) -> Limit:
    """Read what the provincial platform promises for this matter."""
    if reader is None:
        return NO_LIMIT
    unit = reader.word("unit", catalogue.LIMIT_UNITS, "时限单位")
    return Limit(reader.number("days"), unit, reader.text("note", 200), "")


def _statutory(reader: Reader | None) -> Limit:
    """Read the statutory limit; a limit without a figure keeps its words only."""
    if reader is None:
        return NO_LIMIT
    note = reader.text("note", 200)
    amount = reader.number("days", required=False)
    if amount is None:
        for name in ("unit", "basis"):
            reader.has(name)
        return Limit(None, "", note, "")
    if amount == 0:
        reader.wrong("days", "法定时限不能是 0。", "请填写天数，或把法定时限留空。")
    unit = reader.word("unit", catalogue.LIMIT_UNITS, "时限单位")
    return Limit(amount, unit, note, reader.word("basis", catalogue.STATUTE_BASES, "数据来源"))


def _promised(reader: Reader) -> Limit:
    limit = reader.child("promised_limit")
    if limit is None:
        if reader.has("promised_limit") is None:
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
        standard=reader.text("standard", 300),
        legal_ground=reader.text("legal_ground", 300),
        grade=_optional_word(reader, "grade", catalogue.GRADES, "可信等级"),
        intermediary=reader.text("intermediary", 128),
        fill_note=reader.text("fill_note", 300),
        blank=reader.text("blank", 128),
        sample=reader.text("sample", 128),
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
        standard=reader.text("standard", 300),
        result=reader.text("result", 128),
    )


def _variant(reader: Reader) -> VariantRecord:
    return VariantRecord(reader.text("code", 33), reader.required_text("name", 128), reader.text("note", 200))


def _fee_item(reader: Reader) -> FeeRecord:
    return FeeRecord(reader.required_text("name", 128), reader.text("standard", 300), reader.text("basis", 300))


def _answer(reader: Reader) -> AnswerRecord:
    return AnswerRecord(reader.required_text("question", 200), reader.required_text("answer", 1000))


def _question(reader: Reader) -> QuestionRecord:
    return QuestionRecord(reader.required_text("text", 200), reader.children("options", _option))


def _option(reader: Reader) -> OptionRecord:
    return OptionRecord(reader.required_text("text", 128), reader.texts("materials", 200), reader.text("refusal", 300))


def _source(reader: Reader) -> dict[str, str]:
    found = {name: reader.text(name, 500) for name in ("key", "title", "site_kind", "facts", "url")}
    return {name: value for name, value in found.items() if value}
