"""A matter of the catalogue as a value: what a file says, in the words of the code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

LEVELS = ("village", "township", "county")
MATTER_KINDS = (
    "行政许可", "行政确认", "行政给付", "行政奖励", "行政裁决", "行政征收", "其他行政权力", "公共服务",
)  # fmt: skip
SERVICE_OBJECTS = ("自然人", "法人", "其他组织")
VILLAGE_ROLES = {"代办": "proxy", "直办": "direct", "协办": "assist", "不涉及": "none"}
HANDLING_TYPES = {"即办件": "immediate", "承诺件": "promised"}
LIMIT_UNITS = {"工作日": "wd", "自然日": "cd", "月": "mo", "年": "y"}
NECESSITIES = {"必要": "required", "容缺": "tolerant", "按情形": "by_circumstance"}
STEP_KINDS = ("accept", "review", "special", "decide", "deliver", "instant")
PROMISE_BASES = ("source", "borrowed", "curated")
STATUTE_BASES = ("page", "source", "law_knowledge")
# Whose figure is not this county's own: composed, inferred from the law, or read in the guide of another county.
SAMPLE_BASES = frozenset({"curated", "law_knowledge", "borrowed"})
CONFIDENCES = ("high", "medium", "low")
# The national lists of codes (GB/T 39046 appendix A, national implementation list).
POWER_SOURCES = {
    "法定本级行使": "own", "上级下放": "devolved", "上级授权": "authorised_above", "同级授权": "authorised_peer",
    "上级委托": "entrusted_above", "同级委托": "entrusted_peer",
}  # fmt: skip
ORGAN_KINDS = {"法定机关": "statutory", "授权组织": "authorised", "受委托组织": "entrusted"}
CHANNELS = ("窗口", "电脑端", "移动端", "自助终端", "快递")
REACHES = ("全国", "全省", "全市", "全县", "全镇", "跨村")
# Trust grades of 国办函〔2016〕108号: made by an organ, checked at a window, uploaded by the user, self-made.
GRADES = ("A", "B", "C", "D")
LIFE_EVENTS = (
    "出生", "上学", "就业创业", "结婚", "生育", "建房安居", "种田养殖", "就医", "养老", "救助帮扶", "残疾", "身后",
)  # fmt: skip
# Of the subjects of the national platform (自然人、法人主题分类): where to look for what belongs to no event of a life.
TOPICS = ("证件办理", "优待抚恤", "规划建设", "设立变更", "交通出行", "消费维权", "其他")
# What a guide may say that was composed from law or from plain sense and that no county has checked yet.
COMPOSABLE = ("remedies", "channels", "life_events", "materials.issuer", "materials.note", "materials.intermediary")
WORKING_DAY = "wd"
BESIDE_THE_GUIDE = frozenset({"is_core", "department_short"})  # how a matter is found, not what its guide says


@dataclass(frozen=True, slots=True)
class MaterialRecord:
    """`standard` is 受理标准; `intermediary` the class of agency that issues it; `blank` and `sample` name files."""

    name: str
    form: str
    originals: int
    copies: int
    view_original: bool
    medium: str
    source: str
    issuer: str
    necessity: str
    necessity_note: str
    is_shareable: bool
    has_template: bool
    note: str
    standard: str = ""
    legal_ground: str = ""
    grade: str = ""
    intermediary: str = ""
    fill_note: str = ""
    blank: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """`standard` is 审查标准, `result` what the step ends in."""

    seq: int
    name: str
    level: str
    actor: str
    kind: str
    days: int
    unit: str
    counts_in_limit: bool
    standard: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class BasisRecord:
    law: str
    document_no: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and where its figure comes from; `amount` None when the source only has words."""

    amount: int | None
    unit: str
    note: str
    basis: str


NO_LIMIT = Limit(None, "", "", "")


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """A 业务办理项: the same matter for one situation, with a code of 33 characters."""

    code: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class FeeRecord:
    name: str
    standard: str
    basis: str


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """A question people ask, and the answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class OptionRecord:
    """An answer to a circumstance question: which materials it asks for, or why it cannot be granted (`refusal`)."""

    text: str
    materials: tuple[str, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A circumstance question (情形). A material that some option names is asked for only with that option."""

    text: str
    options: tuple[OptionRecord, ...]


@dataclass(frozen=True, slots=True)
class MatterRecord:
    """One matter with its guide. Texts are never None; an absent limit is NO_LIMIT.

    `department` is the organ as the guides write it, `department_short` what people call it (人社). What has a default
    is an element that older lists of matters do not have: empty means not stated, and the linter says so.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    theme: str
    department: str
    department_short: str
    handling_organ: str
    decision_level: str
    accept_levels: tuple[str, ...]
    village_role: str
    service_objects: tuple[str, ...]
    handling: str
    statutory: Limit
    promised: Limit
    legal_bases: tuple[BasisRecord, ...]
    conditions: tuple[str, ...]
    materials: tuple[MaterialRecord, ...]
    steps: tuple[StepRecord, ...]
    fee_charged: bool | None
    fee_standard: str
    fee_basis: str
    result_name: str
    result_kind: str
    result_validity: str
    onsite_visits: int | None
    confidence: str
    sources: tuple[dict[str, str], ...]
    notes: str
    is_core: bool
    basic_code: str = ""
    task_code: str = ""
    parent_code: str = ""
    variants: tuple[VariantRecord, ...] = ()
    organ_kind: str = ""
    power_source: str = ""
    entrusted_by: str = ""
    personal_topics: tuple[str, ...] = ()
    legal_topics: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    provincial: Limit = NO_LIMIT
    fee_items: tuple[FeeRecord, ...] = ()
    result_sample: str = ""
    visits_note: str = ""
    channels: tuple[str, ...] = ()
    reach: str = ""
    booking: str = ""
    pays_online: bool | None = None
    is_shipped: bool | None = None
    place: str = ""
    hours: str = ""
    consult: str = ""
    complaint: str = ""
    remedies: str = ""
    questions: tuple[QuestionRecord, ...] = ()
    faq: tuple[AnswerRecord, ...] = ()
    composed: tuple[str, ...] = ()  # of COMPOSABLE: shown as 示例数据 wherever it is shown

    def is_sample(self, element: str) -> bool:
        """Whether this element was composed, so that every page, paper and answer marks it 示例数据."""
        return element in self.composed

    @property
    def content_hash(self) -> str:
        """Return the digest of the guide; a new digest is a new version."""
        guide = {name: value for name, value in asdict(self).items() if name not in BESIDE_THE_GUIDE}
        if not self.composed:  # a guide of before this element is the same guide
            del guide["composed"]
        content = json.dumps(guide, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()
