"""A draft's content: what a new one starts from, and what it says as a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from matters.domain.catalogue import NO_LIMIT, MatterRecord
from matters.domain.catalogue_writer import as_dict
from matters.domain.matter_reader import read_matter
from matters.domain.record_reader import Faults, Reader, RecordFault

LARGEST = 512 * 1024
DEEPEST = 50  # lists and objects in one another; a guide needs six


def blank_content(code: str, organ: str) -> dict[str, Any]:
    """Return the content of a new matter: every key there, nothing said."""
    return as_dict(
        MatterRecord(
            code=code, name="", aliases=(), kind="", theme="", department=organ, department_short="",
            handling_organ="", decision_level="", accept_levels=(), village_role="", service_objects=(), handling="",
            statutory=NO_LIMIT, promised=NO_LIMIT, legal_bases=(), conditions=(), materials=(), steps=(),
            fee_charged=None, fee_standard="", fee_basis="", result_name="", result_kind="", result_validity="",
            onsite_visits=None, confidence="", sources=(), notes="", is_core=False,
        )
    )  # fmt: skip


def read_draft(
    content: Mapping[str, Any], organs: Collection[str] | None = None
) -> tuple[MatterRecord, tuple[RecordFault, ...]]:
    """Return the record that the content makes, and its faults. `organs`: the departments it may name; None: any."""
    code = content.get("id")
    faults = Faults(code if isinstance(code, str) else "")
    record = read_matter(Reader(content, faults), organs)
    return record, tuple(faults.found)


def digest_of(content: Mapping[str, Any], organs: Collection[str]) -> str:
    """Return the digest of the guide where it can be read, else of the content as it stands."""
    record, faults = read_draft(content, organs)
    if not faults:
        return record.content_hash
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def why_unstorable(content: object) -> str:
    """Return why the content cannot be kept as a draft, "" when it can; faulty guides can."""
    if not isinstance(content, dict):
        return "指南内容应为一个对象。"
    if _is_deeper(content, DEEPEST):  # before anything walks it
        return f"指南内容的嵌套超过 {DEEPEST} 层。"
    try:
        text = json.dumps(content, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return "指南内容不是可以保存的 JSON。"
    if len(text) > LARGEST:
        return f"指南内容超过 {LARGEST // 1024} KB。"
    return "指南内容含有不能保存的字符。" if _has_unstorable(content) else ""


def _is_deeper(content: object, most: int) -> bool:
    """Level by level, so that no depth is too deep to be measured."""
    level = [content]
    for _ in range(most):
        parts = [value for value in level if isinstance(value, dict | list)]
        level = [one for value in parts for one in (value.values() if isinstance(value, dict) else value)]
        if not level:
            return False
    return any(isinstance(value, dict | list) for value in level)


def _has_unstorable(value: object) -> bool:
    """Whether PostgreSQL would refuse some text in it: a zero character, or half of a pair of surrogates."""
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return any(_has_unstorable(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_unstorable(part) for part in value)
