"""八统一: the same matter says the same everywhere. Pure.

The base elements that must be equal between levels and places are those of 鞍山市政务服务标准化 第九条: name, basic
code, kind, legal basis, conditions, service objects, procedure, materials, statutory limit, ground of the fee, result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matters.domain.catalogue import MatterRecord
from matters.domain.guide_words import CODE_WORDS, NOTHING, said

Value = tuple[object, ...]
BASE_ELEMENTS: dict[str, tuple[str, Callable[[MatterRecord], Value]]] = {
    "name": ("事项名称", lambda r: (r.name,)),
    "basic_code": ("基本编码", lambda r: (r.basic_code,)),
    "kind": ("事项类型", lambda r: (r.kind,)),
    "legal_bases": ("设定依据", lambda r: tuple((b.law, b.document_no, b.articles) for b in r.legal_bases)),
    "conditions": ("受理条件", lambda r: r.conditions),
    "service_objects": ("服务对象", lambda r: tuple(sorted(r.service_objects))),
    "steps": ("办理流程", lambda r: tuple((s.name, s.level, s.kind) for s in r.steps)),
    "materials": ("所需材料", lambda r: tuple((m.name, m.necessity) for m in r.materials)),
    "statutory": ("法定办结时限", lambda r: (r.statutory.amount, r.statutory.unit)),
    "fee_basis": ("收费依据", lambda r: (r.fee_charged, r.fee_basis)),
    "result": ("办理结果", lambda r: (r.result_name, r.result_kind)),
}

LISTS_OF_TEXTS = frozenset({"conditions"})


@dataclass(frozen=True, slots=True)
class Difference:
    """Matters that are one and the same, and an element in which they differ."""

    codes: tuple[str, ...]
    why_same: str
    element: str
    label: str
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What one of them says, in words."""

    code: str
    name: str
    words: str


def _groups(records: Iterable[MatterRecord]) -> dict[tuple[str, str], list[MatterRecord]]:
    """Return the matters that are one and the same, by what tells it."""
    groups: dict[tuple[str, str], list[MatterRecord]] = {}
    for record in records:
        if record.basic_code:
            groups.setdefault(("基本编码", record.basic_code), []).append(record)
        groups.setdefault(("事项名称", record.name), []).append(record)
    return {what: group for what, group in groups.items() if len(group) > 1}


def twins(records: Iterable[MatterRecord]) -> frozenset[str]:
    """Return the codes of matters that have another one to be compared with."""
    return frozenset(record.code for group in _groups(records).values() for record in group)


def differences(records: Iterable[MatterRecord]) -> tuple[Difference, ...]:
    """Return every base element in which matters with one basic code, or with one name, differ."""
    found: dict[tuple[tuple[str, ...], str], Difference] = {}
    for (why, _what), group in _groups(records).items():
        codes = tuple(sorted(record.code for record in group))
        for element, (label, read) in BASE_ELEMENTS.items():
            if len({read(record) for record in group}) > 1:
                between = "\n" if element in LISTS_OF_TEXTS else " "
                sides = tuple(
                    Side(record.code, record.name, in_words(read(record), between))
                    for record in sorted(group, key=lambda one: one.code)
                )
                found.setdefault((codes, element), Difference(codes, why, element, label, sides))
    return tuple(found.values())


def in_words(value: Value, between: str = " ") -> str:
    """Return the value of an element as a person would write it: one line for each part of a list."""
    if any(isinstance(part, tuple) for part in value) and between == " ":
        lines = [in_words(part, "、") if isinstance(part, tuple) else _word(part) for part in value]
        return "\n".join(filter(None, lines)) or NOTHING
    words = [in_words(part, "、") if isinstance(part, tuple) else _word(part) for part in value]
    return between.join(word for word in words if word) or NOTHING


def _word(part: object) -> str:
    """Return a code's word; an empty part of a list is left out."""
    return CODE_WORDS.get(part, part) if isinstance(part, str) else said("", part)
