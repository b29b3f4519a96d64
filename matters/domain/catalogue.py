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
PROMISE_BASES = ("source", "curated")
STATUTE_BASES = ("page", "source", "law_knowledge")
CONFIDENCES = ("high", "medium", "low")
WORKING_DAY = "wd"
BESIDE_THE_GUIDE = frozenset({"is_core", "department_short"})  # how a matter is found, not what its guide says


@dataclass(frozen=True, slots=True)
class MaterialRecord:
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


@dataclass(frozen=True, slots=True)
class StepRecord:
    seq: int
    name: str
    level: str
    actor: str
    kind: str
    days: int
    unit: str
    counts_in_limit: bool


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


@dataclass(frozen=True, slots=True)
class MatterRecord:
    """One matter with its guide. Texts are never None; an absent limit is Limit(None, "", "", "").

    `department` is the organ as the guides write it, `department_short` what people call it (人社).
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

    @property
    def content_hash(self) -> str:
        """Return the digest of the guide; a new digest is a new version."""
        guide = {name: value for name, value in asdict(self).items() if name not in BESIDE_THE_GUIDE}
        content = json.dumps(guide, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()
