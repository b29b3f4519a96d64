"""What the elements of a guide are called, and how their values are said in Chinese."""

from __future__ import annotations

from typing import Any

from matters.domain import catalogue
from matters.domain.catalogue import Limit

NOTHING = "未填写"
LEVEL_WORDS = {"village": "村（社区）", "township": "乡镇（街道）", "county": "县"}
STEP_KIND_WORDS = {
    "accept": "受理", "review": "审查", "special": "特别程序", "decide": "决定", "deliver": "送达",
    "instant": "即时办理",
}  # fmt: skip
BASIS_WORDS = {
    "source": "公开指南",
    "borrowed": "他县公开指南",
    "page": "公开网页",
    "law_knowledge": "据法律常识推定",
    "curated": "示例数据",
}
COMPOSED_WORDS = {
    "remedies": "救济途径", "channels": "办理形式", "life_events": "人生事件的归类",
    "materials.issuer": "材料的出具单位",
    "materials.note": "材料的说明（共享免交等）", "materials.intermediary": "中介机构类别",
}  # fmt: skip
CONFIDENCE_WORDS = {"high": "高", "medium": "中", "low": "低"}
_LISTS = (
    catalogue.VILLAGE_ROLES, catalogue.HANDLING_TYPES, catalogue.LIMIT_UNITS, catalogue.NECESSITIES,
    catalogue.POWER_SOURCES, catalogue.ORGAN_KINDS,
)  # fmt: skip
# No code stands in two lists with two meanings.
CODE_WORDS = {code: word for words in _LISTS for word, code in words.items()} | LEVEL_WORDS | STEP_KIND_WORDS
CODE_WORDS |= BASIS_WORDS | CONFIDENCE_WORDS | COMPOSED_WORDS
CODED = frozenset(
    {
        "village_role", "handling", "decision_level", "accept_levels", "level", "kind", "unit", "necessity",
        "power_source", "organ_kind", "basis", "confidence", "composed",
    }
)  # fmt: skip

MATTER_LABELS = {
    "code": "事项编码", "name": "事项名称", "aliases": "别名", "kind": "事项类型", "theme": "主题",
    "department": "主管部门",
    "department_short": "部门简称", "handling_organ": "办理机构", "decision_level": "决定层级",
    "accept_levels": "受理层级", "village_role": "村级角色", "service_objects": "服务对象", "handling": "办件类型",
    "fee_charged": "是否收费", "fee_standard": "收费标准", "fee_basis": "收费依据", "result_name": "结果名称",
    "result_kind": "结果类型", "result_validity": "结果有效期", "result_sample": "结果样本",
    "onsite_visits": "到场次数", "visits_note": "到场说明", "confidence": "可信度", "notes": "备注",
    "is_core": "高频事项",
    "basic_code": "基本编码", "task_code": "实施编码", "parent_code": "上级事项编码", "organ_kind": "实施主体性质",
    "power_source": "权力来源", "entrusted_by": "委托机关", "personal_topics": "个人主题", "legal_topics": "法人主题",
    "life_events": "人生事件", "channels": "办理形式", "reach": "通办范围", "booking": "预约办理",
    "pays_online": "网上支付", "is_shipped": "物流快递", "place": "办理地点", "hours": "办理时间",
    "consult": "咨询方式",
    "complaint": "监督投诉方式", "remedies": "救济途径", "composed": "示例内容",
}  # fmt: skip
LIMIT_LABELS = {"statutory": "法定时限", "promised": "承诺时限", "provincial": "省级平台时限"}
MATERIAL_LABELS = {
    "name": "名称", "form": "材料形式", "originals": "原件份数", "copies": "复印件份数", "view_original": "核验原件",
    "medium": "介质", "source": "来源", "issuer": "出具单位", "necessity": "必要性", "necessity_note": "适用情形",
    "is_shareable": "可共享获取", "has_template": "有空表样表", "note": "说明", "standard": "受理标准",
    "legal_ground": "依据", "grade": "可信等级", "intermediary": "中介机构类别", "fill_note": "填写说明",
    "blank": "空表", "sample": "样表",
}  # fmt: skip
STEP_LABELS = {
    "seq": "序号", "name": "名称", "level": "层级", "actor": "办理机构", "kind": "类别",
    "counts_in_limit": "计入承诺时限",
    "standard": "审查标准", "result": "环节结果",
}  # fmt: skip
SOURCE_LABELS = {"title": "标题", "url": "网址", "site_kind": "网站类别", "facts": "采用的内容", "key": "编号"}
BASIS_LABELS = {"law": "名称", "document_no": "文号", "articles": "条款"}
VARIANT_LABELS = {"code": "编码", "name": "名称", "note": "说明"}
FEE_LABELS = {"name": "名称", "standard": "标准", "basis": "依据"}
ANSWER_LABELS = {"question": "问题", "answer": "回答"}
OPTION_LABELS = {"text": "选项", "materials": "所需材料", "refusal": "不予办理的说明"}


def said(name: str, value: Any) -> str:
    """Return a value as a person would write it; "" for one that is not there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(said(name, one) for one in value)
    text = str(value)
    return CODE_WORDS.get(text, text) if name in CODED else text


def duration(amount: int | None, unit: str) -> str:
    """Return 10 个工作日, 7 个自然日, 1 个月, 2 年."""
    if amount is None:
        return ""
    word = CODE_WORDS.get(unit, unit)
    return f"{amount} {word}" if unit == "y" else f"{amount} 个{word}"


def limit_words(limit: Limit) -> str:
    return duration(limit.amount, limit.unit)
