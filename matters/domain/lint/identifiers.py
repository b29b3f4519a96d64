"""Rules about codes and names: the national codes fit together, and no two matters have one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from halls.domain.plain_text import plain_name
from matters.domain import codes
from matters.domain.catalogue import MatterRecord
from matters.domain.lint.finding import Finding, LintContext
from matters.domain.lint.rules import found

COPY = "请从省实施清单抄录，不要自编。"


def identifier_rules(record: MatterRecord, context: LintContext) -> Iterator[Finding]:
    yield from _codes(record)
    yield from _variants(record)
    yield from _names(record, context)
    yield from _organ(record)


def _codes(record: MatterRecord) -> Iterator[Finding]:
    if record.basic_code:
        for message in codes.basic_faults(record.basic_code, record.kind):
            yield found("basic-code-wrong", "basic_code", message, COPY)
    if record.task_code:
        for message in codes.task_faults(record.task_code, level=record.decision_level, basic=record.basic_code):
            yield found("task-code-wrong", "task_code", message, COPY)
    if record.parent_code and record.parent_code == record.code:
        yield found("own-parent", "parent_code", "上级事项是它自己。", "请改为主项的编码，或留空。")


def _variants(record: MatterRecord) -> Iterator[Finding]:
    for index, variant in enumerate(record.variants):
        if variant.code:
            for message in codes.variant_faults(variant.code, task=record.task_code):
                yield found("variant-code-wrong", f"variants[{index}].code", message, COPY)
    names, numbers = ([getattr(variant, name) for variant in record.variants] for name in ("name", "code"))
    for value in _repeated(names) + _repeated(numbers):
        yield found("variant-twice", "variants", f"业务办理项“{value}”写了两次。", "请删去重复的一项。")


def _names(record: MatterRecord, context: LintContext) -> Iterator[Finding]:
    other = context.plain_names.get(plain_name(record.name))
    if record.name and other not in (None, record.code):
        yield found("name-taken", "name", f"事项 {other} 已叫“{record.name}”。", "请合并，或按情形写成两个不同的名称。")
    for index, alias in enumerate(record.aliases):
        other = context.plain_names.get(plain_name(alias))
        if other not in (None, record.code):
            yield found(
                "alias-is-another-matter",
                f"aliases[{index}]",
                f"别名“{alias}”是事项 {other} 的名称。",
                "请删去这个别名。",
            )
    for value in _repeated([record.name, *record.aliases]):
        yield found("alias-twice", "aliases", f"“{value}”写了两次。", "请删去重复的一个。")


def _organ(record: MatterRecord) -> Iterator[Finding]:
    entrusted = record.organ_kind == "entrusted" or record.power_source.startswith("entrusted")
    if entrusted and not record.entrusted_by:
        yield found("entrusted-by-nobody", "entrusted_by", "是受委托办理，没有写委托机关。", "请写委托机关的全称。")
    in_village = "village" in record.accept_levels
    if record.accept_levels and in_village == (record.village_role == "none"):
        said = "村级可以受理，村级角色却是“不涉及”。" if in_village else "村级不受理，村级角色却是代办或直办。"
        if in_village or record.village_role in ("proxy", "direct"):
            yield found("village-role-contradicts", "village_role", said, "请让村级角色与受理层级一致。")


def _repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if value and count > 1]
