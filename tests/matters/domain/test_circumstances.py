"""A few plain questions narrow what is asked for; nobody is sent home for a paper they did not need."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matters.domain.catalogue import OptionRecord, QuestionRecord
from matters.domain.catalogue_file import parse_catalogue
from matters.domain.circumstances import answers_in, narrow, questions_of
from tests.factories.matters import RECORDS, as_file

GUIDES = parse_catalogue(as_file(*RECORDS), departments={record["department_full"] for record in RECORDS})


def guide(code: str):
    return next(record for record in GUIDES if record.code == code)


def test_a_note_of_a_material_becomes_a_question() -> None:
    record = guide("NY-003")
    texts = [question.text for question in questions_of(record)]
    assert "您是这种情形吗：已有宅基地或易地新建？" in texts


def test_a_note_that_names_no_situation_asks_nothing() -> None:
    vague = [m for record in GUIDES for m in record.materials if m.necessity_note in ("需要时", "依法需要时")]
    assert vague, "the catalogue has some"
    for record in GUIDES:
        assert "您是这种情形吗：需要？" not in [question.text for question in questions_of(record)]


def test_yes_asks_for_it_no_spares_it_and_silence_leaves_it_open() -> None:
    record = guide("NY-003")
    number = [question.text for question in questions_of(record)].index("您是这种情形吗：已有宅基地或易地新建？")
    named = questions_of(record)[number].options[0].materials
    yes, no, silent = narrow(record, {number: 0}), narrow(record, {number: 1}), narrow(record, {})
    assert set(named) <= {material.name for material in yes.needed}
    assert set(named) <= {material.name for material in no.spared}
    assert set(named) <= {material.name for material in silent.undecided}
    assert number in silent.open_questions


def test_an_answer_that_rules_the_applicant_out_says_why() -> None:
    question = QuestionRecord(
        "您是本集体经济组织成员吗？", (OptionRecord("是", (), ""), OptionRecord("不是", (), "只有本集体成员可以申请。"))
    )
    record = replace(guide("NY-003"), questions=(question,))
    assert narrow(record, {0: 1}).refusals == ("只有本集体成员可以申请。",)
    assert narrow(record, {0: 0}).refusals == ()


@given(st.sampled_from(GUIDES), st.dictionaries(st.integers(-2, 9), st.integers(-2, 4), max_size=6))
def test_every_material_is_somewhere_once_and_what_everybody_needs_is_never_spared(record, answers) -> None:
    result = narrow(record, answers)
    names = [material.name for material in (*result.needed, *result.undecided, *result.spared)]
    assert sorted(names) == sorted(material.name for material in record.materials)
    always = {m.name for m in record.materials if m.necessity != "by_circumstance"}
    assert always <= {material.name for material in result.needed}


@given(st.dictionaries(st.text(max_size=4), st.text(max_size=6), max_size=5))
def test_any_address_is_an_answer_or_none(given) -> None:
    record = guide("NY-003")
    for number, option in answers_in(given, questions_of(record)).items():
        assert 0 <= option < len(questions_of(record)[number].options)
