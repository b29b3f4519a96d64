"""A guide that breaks no rule of the linter, and the ways to change one thing about it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from matters.domain.catalogue import MatterRecord
from matters.domain.matter_reader import read_matter
from matters.domain.record_reader import Faults, Reader

CREDIT, BASIC = "11370800MB28559184", "000120001000"
TASK = f"{CREDIT}5{BASIC}"


def material(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name, "form": "原件", "originals": 1, "copies": 0, "view_original": False, "medium": "纸质或电子",
        "source": "申请人自备", "issuer": "", "necessity": "必要", "necessity_note": "", "shareable": False,
        "template": False, "note": "", "standard": "字迹清楚，有申请人签字", "legal_ground": "土地管理法第六十二条",
    } | changes  # fmt: skip


def step(seq: int, name: str, kind: str, days: int, **changes: Any) -> dict[str, Any]:
    return {
        "seq": seq, "name": name, "level": "township", "actor": "乡镇(街道)便民服务中心", "kind": kind, "days": days,
        "unit": "工作日", "counts_in_limit": True, "standard": "核对材料与现场是否一致", "result": "审查意见",
    } | changes  # fmt: skip


def as_written(**changes: Any) -> dict[str, Any]:
    """Return the guide in the words of a catalogue file."""
    guide: dict[str, Any] = {
        "id": "XX-900", "name": "村民建房许可", "aliases": ["建房证"], "type": "行政许可", "theme": "住房",
        "department": "农业农村", "department_full": "县农业农村委员会(局)", "handling_organ": None,
        "decision_level": "township", "accept_levels": ["village", "township"], "village_role": "代办",
        "service_objects": ["自然人"], "handling_type": "承诺件",
        "statutory_limit": {"days": 20, "unit": "工作日", "note": "", "basis": "page"},
        "promised_limit": {"days": 8, "unit": "工作日", "note": "", "basis": "source"},
        "provincial_limit": {"days": 10, "unit": "工作日", "note": ""},
        "legal_basis": [{"law": "土地管理法", "doc_no": "", "articles": ["第六十二条"]}],
        "conditions": ["是本村集体经济组织的成员", "一户只有这一处住宅"],
        "materials": [
            material("建房申请表", template=True, blank="blank.pdf", sample="sample.pdf"),
            material(
                "居民身份证", form="复印件(核验原件)", originals=0, copies=1, view_original=True, source="政府部门核发",
                issuer="公安机关", shareable=True, note="共享查到的不用提交，请您确认",
            ),
            material("房屋平面图", source="中介或法定机构出具", intermediary="具有测绘资质的单位"),
            material("邻居签字", necessity="容缺"),
            material("拆除旧房的保证", necessity="按情形"),
        ],
        "questions": [{
            "text": "家里有没有旧房？",
            "options": [
                {"text": "有，要拆掉", "materials": ["拆除旧房的保证"], "refusal": ""},
                {"text": "没有", "materials": [], "refusal": ""},
            ],
        }],
        "steps": [
            step(1, "受理", "accept", 1), step(2, "现场踏勘", "review", 3), step(3, "审批", "decide", 3),
            step(4, "村级公示", "special", 7, unit="自然日", counts_in_limit=False), step(5, "送达", "deliver", 1),
        ],
        "fee": {"charged": False, "standard": None, "basis": None, "items": []},
        "result": {"name": "建房许可证", "type": "证照", "validity": "2 年", "sample": "result.pdf"},
        "onsite_visits": 1, "visits_note": "", "provenance": {"sources": []}, "confidence": "high", "notes": "",
        "core": False, "basic_code": BASIC, "task_code": TASK, "parent_code": "",
        "variants": [
            {"code": f"{TASK}01", "name": "新建", "note": ""}, {"code": f"{TASK}02", "name": "翻建", "note": ""},
        ],
        "organ_kind": "法定机关", "power_source": "法定本级行使", "entrusted_by": "",
        "topics": {"personal": [], "legal": []}, "life_events": ["建房安居"], "channels": ["窗口"], "reach": "全县",
        "booking": "可以打电话预约", "pays_online": None, "shipped": True, "place": "本乡镇便民服务中心一楼",
        "hours": "工作日 9:00 至 17:00", "consult": "023-00000000", "complaint": "12345",
        "remedies": "60 日内可以申请行政复议，6 个月内可以提起行政诉讼。",
        "faq": [{"question": "多久能办好？", "answer": "受理后 8 个工作日。"}],
    }  # fmt: skip
    return guide | changes


def read(guide: dict[str, Any]) -> MatterRecord:
    """Return the record of a guide, faults or not, as a draft is read."""
    return read_matter(Reader(json.loads(json.dumps(guide)), Faults("")), None)


def clean_guide(**changes: Any) -> MatterRecord:
    return replace(read(as_written()), **changes)


def with_part(record: MatterRecord, part: str, index: int, /, **changes: Any) -> MatterRecord:
    """Change one element of a list of the record."""
    rows = list(getattr(record, part))
    rows[index] = replace(rows[index], **changes)
    whole: dict[str, Any] = {part: tuple(rows)}
    return replace(record, **whole)
