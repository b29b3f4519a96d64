"""情形引导: a few plain questions narrow what is asked for, and say early what cannot be granted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matters.domain.catalogue import MaterialRecord, MatterRecord, OptionRecord, QuestionRecord

YES, NO = "是", "不是"
# A note that names no situation asks nothing: the villager would have to know the law to answer.
_VAGUE = frozenset({"", "需要时", "依法需要时", "必要时", "按需"})
BY_CIRCUMSTANCE = "by_circumstance"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is left with these answers.

    `needed`, `spared`: materials. `undecided`: asked for by circumstance, and no answer says whether. `refusals`: why
    it cannot be granted. `open_questions`: numbers of the questions without an answer.
    """

    needed: tuple[MaterialRecord, ...]
    undecided: tuple[MaterialRecord, ...]
    spared: tuple[MaterialRecord, ...]
    refusals: tuple[str, ...]
    open_questions: tuple[int, ...]

    @property
    def is_settled(self) -> bool:
        return not self.open_questions


def questions_of(record: MatterRecord) -> tuple[QuestionRecord, ...]:
    """Return the guide's own questions, then one for every situation that only a material's note names."""
    asked = {name for question in record.questions for option in question.options for name in option.materials}
    by_note: dict[str, list[str]] = {}
    for material in record.materials:
        note = material.necessity_note.strip()
        if material.necessity == BY_CIRCUMSTANCE and material.name not in asked and note not in _VAGUE:
            by_note.setdefault(note, []).append(material.name)
    made = tuple(
        QuestionRecord(
            f"您是这种情形吗：{note.removesuffix('时').removesuffix('等情形')}？",
            (OptionRecord(YES, tuple(names), ""), OptionRecord(NO, (), "")),
        )
        for note, names in by_note.items()
    )
    return (*record.questions, *made)


def narrow(record: MatterRecord, answers: Mapping[int, int]) -> Narrowed:
    """Return what is asked for with these answers (number of the question -> number of the option, both from 0).

    A material that some option names is needed only with that option; answers to nothing are passed over.
    """
    questions = questions_of(record)
    chosen = {
        number: questions[number].options[option]
        for number, option in answers.items()
        if 0 <= number < len(questions) and 0 <= option < len(questions[number].options)
    }
    named = {name for question in questions for option in question.options for name in option.materials}
    wanted = {name for option in chosen.values() for name in option.materials}
    unknown = {
        name
        for number, question in enumerate(questions)
        if number not in chosen
        for option in question.options
        for name in option.materials
    } - wanted
    needed, undecided, spared = [], [], []
    for material in record.materials:
        if material.name in wanted or (material.name not in named and material.necessity != BY_CIRCUMSTANCE):
            needed.append(material)
        elif material.name in unknown or material.name not in named:
            undecided.append(material)
        else:
            spared.append(material)
    return Narrowed(
        needed=tuple(needed),
        undecided=tuple(undecided),
        spared=tuple(spared),
        refusals=tuple(option.refusal for option in chosen.values() if option.refusal),
        open_questions=tuple(number for number in range(len(questions)) if number not in chosen),
    )


def answers_in(given: Mapping[str, str], questions: Sequence[QuestionRecord]) -> dict[int, int]:
    """Read the answers of an address (q0=1&q2=0); what answers nothing is passed over."""
    found = {}
    for number, question in enumerate(questions):
        text = given.get(f"q{number}", "")
        if text.isascii() and text.isdecimal() and len(text) < 3 and int(text) < len(question.options):
            found[number] = int(text)
    return found
