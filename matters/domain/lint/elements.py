"""The 26 elements of a guide: which of them are missing. The eleven base elements must be the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matters.domain.catalogue import MatterRecord
from matters.domain.lint.citations import GUIDE
from matters.domain.lint.finding import Finding, LintContext, Rule, Severity

Missing = Callable[[MatterRecord], bool]
BASE: Severity = "error"  # the same wherever the matter is done
LOCAL: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Element:
    """`place` is the field of the file; `cure` tells the editor what to write."""

    key: str
    label: str
    place: str
    grade: Severity
    is_missing: Missing
    cure: str


def _no_review_standard(record: MatterRecord) -> bool:
    return not any(step.standard for step in record.steps)


def _no_tolerance(record: MatterRecord) -> bool:
    """An immediate case has no time to bring something later; without materials there is nothing to bring."""
    if record.handling == "immediate" or not record.materials:
        return False
    return not any(material.necessity == "tolerant" for material in record.materials)


def _no_fee_standard(record: MatterRecord) -> bool:
    if record.fee_charged is None:
        return True
    return record.fee_charged and not record.fee_standard and not any(item.standard for item in record.fee_items)


def _no_fee_basis(record: MatterRecord) -> bool:
    return bool(record.fee_charged) and not record.fee_basis and not any(item.basis for item in record.fee_items)


ELEMENTS = (
    Element("name", "事项名称", "name", BASE, lambda r: not r.name, "请写事项的规范名称。"),
    # A warning: it is given out by the State, and a county that has none yet cannot write one.
    Element(
        "code", "基本编码（国家编码）", "basic_code", LOCAL, lambda r: not r.basic_code,
        "页面上的事项编码是本县自己用的，不能代替它；请从省实施清单抄录 12 位基本编码，还没有赋码的先留空，不要自编。",
    ),
    Element("kind", "事项类型", "type", BASE, lambda r: not r.kind, "请选行政许可、公共服务等类型。"),
    Element("legal_basis", "设定依据", "legal_basis", BASE, lambda r: not r.legal_bases, "请写法律文件、文号和条款。"),
    Element("organ", "实施主体", "department_full", LOCAL, lambda r: not r.department, "请选主管部门。"),
    Element("conditions", "受理条件", "conditions", BASE, lambda r: not r.conditions, "请逐条写受理条件。"),
    Element("objects", "服务对象", "service_objects", BASE, lambda r: not r.service_objects, "请选自然人、法人等。"),
    Element(
        "statute", "法定办结时限", "statutory_limit", BASE,
        lambda r: r.statutory.amount is None and not r.statutory.note,
        "请写法定时限和出处；法律没有规定的，在说明里写明“无法定时限”和查过的依据。",
    ),
    Element("promise", "承诺办结时限", "promised_limit", LOCAL, lambda r: r.promised.amount is None, "请写承诺天数。"),
    Element("result", "结果名称", "result.name", BASE, lambda r: not r.result_name, "请写办成后给什么证照、文书。"),
    Element("result_sample", "结果样本", "result.sample", LOCAL, lambda r: not r.result_sample, "请上传结果样本。"),
    Element(
        "fee_standard", "收费标准", "fee.standard", LOCAL, _no_fee_standard, "请选不收费，或写明收费项目和金额。"
    ),
    Element("fee_basis", "收费依据", "fee.basis", BASE, _no_fee_basis, "收费的请写依据的文件和文号。"),
    Element("materials", "所需材料", "materials", BASE, lambda r: not r.materials, "请列出全部材料。"),
    Element(
        "tolerance", "容缺受理", "materials", LOCAL, _no_tolerance, "请定出可以后补的次要材料，必要性选“容缺”。"
    ),
    Element("steps", "办理流程", "steps", BASE, lambda r: not r.steps, "请写出从受理到送达的环节。"),
    Element("channels", "办理形式", "channels", LOCAL, lambda r: not r.channels, "请选窗口、移动端等办理形式。"),
    Element("standard", "审查标准", "steps", LOCAL, _no_review_standard, "请给审查和决定环节写审查标准。"),
    Element("reach", "通办范围", "reach", LOCAL, lambda r: not r.reach, "请选全县、全市等通办范围。"),
    Element("booking", "预约办理", "booking", LOCAL, lambda r: not r.booking, "请写能否预约、怎样预约。"),
    Element(
        "pays_online", "网上支付", "pays_online", LOCAL, lambda r: bool(r.fee_charged) and r.pays_online is None,
        "收费事项请选能否网上支付。",
    ),
    Element("shipping", "物流快递", "shipped", LOCAL, lambda r: r.is_shipped is None, "请选结果能否寄送。"),
    Element("place", "办理地点", "place", LOCAL, lambda r: not r.place, "请写窗口地址。"),
    Element("hours", "办理时间", "hours", LOCAL, lambda r: not r.hours, "请写工作日的办理时间。"),
    Element("consult", "咨询方式", "consult", LOCAL, lambda r: not r.consult, "请写咨询电话。"),
    Element("complaint", "监督投诉方式", "complaint", LOCAL, lambda r: not r.complaint, "请写监督投诉电话。"),
)  # fmt: skip


def rule_code(element: Element) -> str:
    return f"missing-{element.key.replace('_', '-')}"


ELEMENT_RULES = tuple(
    Rule(
        rule_code(element),
        element.grade,
        f"缺少要素：{element.label}",
        f"{GUIDE}（26 个要素{'，其中各地应统一的基本要素' if element.grade == BASE else ''}）",
        (
            f"办事指南要写明{element.label}。"
            + (
                "基本编码由国家统一赋码，各地一样；本县的事项编码（如 NY-003）只在本系统里用。"
                if element.key == "code"
                else "同一事项在各地、各级应当写得一样。"
                if element.grade == BASE
                else "由本地填写，群众要靠它找到地方、约上时间。"
            )
        ),
    )
    for element in ELEMENTS
)


def missing_elements(record: MatterRecord, _context: LintContext) -> Iterator[Finding]:
    """One finding for each element that the guide does not have."""
    for element, rule in zip(ELEMENTS, ELEMENT_RULES, strict=True):
        if element.is_missing(record):
            yield Finding(
                rule.code, rule.severity, element.place, f"没有写“{element.label}”。", element.cure, rule.citation
            )
