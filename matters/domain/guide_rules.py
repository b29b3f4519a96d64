"""What makes a guide true in itself: its steps, its limits and its materials fit together."""

from __future__ import annotations

from matters.domain.catalogue import WORKING_DAY, MatterRecord
from matters.domain.guide_words import LEVEL_WORDS
from matters.domain.record_reader import Reader

DECIDING = ("decide", "instant")


def check_guide(record: MatterRecord, reader: Reader) -> None:
    """Tell the reader of every contradiction in the record."""
    _check_materials(record, reader)
    _check_steps(record, reader)
    _check_promise(record, reader)


def _check_materials(record: MatterRecord, reader: Reader) -> None:
    seen: dict[str, int] = {}
    for index, material in enumerate(record.materials):
        if material.name and material.name in seen:
            reader.wrong(
                f"materials[{index}].name",
                f"材料“{material.name}”与第 {seen[material.name] + 1} 项重复。",
                "请合并为一项，或写明不同之处。",
            )
        seen.setdefault(material.name, index)


def _check_steps(record: MatterRecord, reader: Reader) -> None:
    if not record.steps:
        reader.wrong("steps", "没有办理环节。", "请写出从受理到决定的环节。")
        return
    for index, step in enumerate(record.steps):
        if step.seq != index + 1:
            reader.wrong(f"steps[{index}].seq", f"环节序号应为 {index + 1}，现在是 {step.seq}。", "请按顺序从 1 编号。")
        if step.counts_in_limit and step.unit not in ("", WORKING_DAY):
            reader.wrong(f"steps[{index}].unit", "计入承诺时限的环节应按工作日计。", "请改为工作日，或不计入时限。")
    deciding = [index for index, step in enumerate(record.steps) if step.kind in DECIDING]
    if not deciding:
        reader.wrong("steps", "没有作出决定的环节。", "请加上一个“决定”或“当场办结”的环节。")
        return
    last = record.steps[deciding[-1]]
    if last.level and record.decision_level and last.level != record.decision_level:
        reader.wrong(
            f"steps[{deciding[-1]}].level",
            f"最后的决定环节在{LEVEL_WORDS[last.level]}，决定层级却是{LEVEL_WORDS[record.decision_level]}。",
            "请让最后的决定环节与决定层级一致。",
        )


def _check_promise(record: MatterRecord, reader: Reader) -> None:
    promised = record.promised.amount
    if promised is None:
        return
    total = sum(step.days for step in record.steps if step.counts_in_limit)
    if promised != total:
        reader.wrong(
            "promised_limit.days",
            f"承诺 {promised} 个工作日，计入时限的环节合计 {total} 个工作日。",
            "请让承诺时限等于计入环节的天数之和。",
        )
    statutory = record.statutory
    if statutory.unit == WORKING_DAY and statutory.amount is not None and promised > statutory.amount:
        reader.wrong(
            "promised_limit.days",
            f"承诺 {promised} 个工作日，超过法定的 {statutory.amount} 个工作日。",
            "承诺时限不得超过法定时限，请缩短。",
        )
