"""Rules about circumstance questions (情形): each answer leads somewhere, and to materials that the guide has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from matters.domain.catalogue import MatterRecord, QuestionRecord
from matters.domain.lint.finding import Finding, LintContext
from matters.domain.lint.rules import found

FEWEST_OPTIONS = 2


def circumstance_rules(record: MatterRecord, _context: LintContext) -> Iterator[Finding]:
    held = {material.name for material in record.materials}
    for index, question in enumerate(record.questions):
        yield from _choice(question, f"questions[{index}]")
        yield from _options(question, f"questions[{index}]", held)
    yield from _materials(record)


def _choice(question: QuestionRecord, place: str) -> Iterator[Finding]:
    if len(question.options) < FEWEST_OPTIONS:
        yield found(
            "question-without-choice", place, f"问题“{question.text}”只有 {len(question.options)} 个选项。",
            "请至少写两个选项，或删去这个问题。",
        )  # fmt: skip
    elif all(option.refusal for option in question.options):
        yield found(
            "question-refuses-everybody",
            place,
            f"问题“{question.text}”的每个选项都不能办。",
            "请至少留一个可以办的选项。",
        )
    elif not any(option.materials or option.refusal for option in question.options):
        yield found(
            "question-changes-nothing", place, f"问题“{question.text}”的答案不影响材料，也不影响能不能办。",
            "请写明各选项要的材料，或删去这个问题。",
        )  # fmt: skip


def _options(question: QuestionRecord, place: str, held: Collection[str]) -> Iterator[Finding]:
    for text, count in Counter(option.text for option in question.options).items():
        if count > 1:
            yield found("option-twice", place, f"选项“{text}”写了 {count} 次。", "请合并或写明不同之处。")
    for number, option in enumerate(question.options):
        for name in option.materials:
            if name not in held:
                yield found(
                    "option-asks-unknown-material", f"{place}.options[{number}].materials",
                    f"选项“{option.text}”要的“{name}”不在材料清单里。", "请先在材料清单里写这份材料，名称要一致。",
                )  # fmt: skip


def _materials(record: MatterRecord) -> Iterator[Finding]:
    asked = {name for question in record.questions for option in question.options for name in option.materials}
    for index, material in enumerate(record.materials):
        if material.necessity == "by_circumstance" and not material.necessity_note and material.name not in asked:
            yield found(
                "circumstance-not-said", f"materials[{index}].necessity_note",
                f"“{material.name}”按情形提交，没有说是什么情形。", "请写明情形，或加一个情形问题。",
            )  # fmt: skip
        if material.necessity == "required" and material.name in asked:
            yield found(
                "required-and-by-circumstance", f"materials[{index}].necessity",
                f"“{material.name}”写着必要，又只在某个选项下才要。", "请改为按情形，或从选项里去掉。",
            )  # fmt: skip
