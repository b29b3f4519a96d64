"""The difference of two guides in plain words: nothing for the same, something for every edit."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.catalogue import (
    AnswerRecord,
    BasisRecord,
    FeeRecord,
    Limit,
    MatterRecord,
    OptionRecord,
    QuestionRecord,
    VariantRecord,
)
from matters.domain.draft_reader import read_draft
from matters.domain.guide_diff import difference
from tests.factories.matters import RECORDS, record


def guide(code: str = "NY-003", **changes: Any) -> MatterRecord:
    return read_draft(record(code), ())[0].__class__(**_values(code, changes))


def _values(code: str, changes: dict[str, Any]) -> dict[str, Any]:
    found = read_draft(record(code), (record(code)["department_full"],))[0]
    return {one.name: getattr(found, one.name) for one in fields(found)} | changes


def words(old: MatterRecord | None, new: MatterRecord) -> list[str]:
    return [change.words for change in difference(old, new)]


FULL = guide(
    variants=(VariantRecord("1" * 33, "新建", ""), VariantRecord("2" * 33, "翻建", "原址")),
    fee_items=(FeeRecord("工本费", "10 元", "渝价〔2020〕1号"),),
    questions=(
        QuestionRecord("是否占用耕地", (OptionRecord("是", ("农用地转用批准书",), ""), OptionRecord("否", (), ""))),
    ),
    faq=(AnswerRecord("要多久", "看承诺时限"),),
    provincial=Limit(15, "wd", "", ""),
    sources=({"title": "办事指南", "url": "https://example.org"},),
)
EVERY = [FULL, *(read_draft(one, (one["department_full"],))[0] for one in RECORDS[::12])]
guides = st.sampled_from(EVERY)


# --- worked examples -------------------------------------------------------------------------------------------------


def test_a_shorter_promise_is_said_in_one_sentence():
    new = replace(FULL, promised=replace(FULL.promised, amount=7))
    (change,) = difference(FULL, new)
    assert change.words == "承诺时限由 10 个工作日改为 7 个工作日。"
    assert (change.place, change.before, change.after) == ("promised", "10 个工作日", "7 个工作日")


def test_a_limit_comes_and_goes():
    none = replace(FULL, provincial=Limit(None, "", "", ""))
    assert words(none, FULL) == ["省级平台时限填写为 15 个工作日。"]
    assert words(FULL, none) == ["省级平台时限由 15 个工作日改为未填写。"]


def test_materials_are_added_removed_changed_and_moved():
    first, second, *rest = FULL.materials
    assert words(FULL, replace(FULL, materials=FULL.materials[1:])) == [f"删去材料“{first.name}”。"]
    silent = dict.fromkeys(
        ("form", "medium", "source", "issuer", "note", "standard", "legal_ground", "grade", "intermediary", "sample"),
        "",
    )
    extra = replace(
        first, name="承诺书", originals=2, copies=0, necessity="by_circumstance", necessity_note="委托他人办理的",
        is_shareable=True, has_template=True, view_original=False, fill_note="", blank="承诺书.docx", **silent,
    )  # fmt: skip
    assert words(FULL, replace(FULL, materials=(*FULL.materials, extra))) == [
        "增加材料“承诺书”：原件份数“2”；复印件份数“0”；必要性“按情形”；适用情形“委托他人办理的”；"
        "可共享获取“是”；有空表样表“是”；空表“承诺书.docx”。"
    ]
    more = replace(first, originals=first.originals + 1)
    assert words(FULL, replace(FULL, materials=(more, second, *rest))) == [
        f"材料“{first.name}”的原件份数由“{first.originals}”改为“{first.originals + 1}”。"
    ]
    assert words(FULL, replace(FULL, materials=(second, first, *rest))) in (
        [f"材料“{second.name}”由第 2 项移到第 1 项。"],
        [f"材料“{first.name}”由第 1 项移到第 2 项。"],
    )
    renamed = replace(first, name="申请表（新版）")
    assert words(FULL, replace(FULL, materials=(renamed, second, *rest))) == [
        f"材料“申请表（新版）”的名称由“{first.name}”改为“申请表（新版）”。"
    ]


def test_a_step_that_goes_does_not_renumber_the_others_in_words():
    steps = [step for step in FULL.steps if step.seq != 2]
    new = replace(FULL, steps=tuple(replace(step, seq=seq) for seq, step in enumerate(steps, start=1)))
    assert words(FULL, new) == [f"删去环节“{FULL.steps[1].name}”。"]


def test_a_step_takes_less_time_at_another_level():
    step = replace(FULL.steps[0], days=0, level="county")
    found = words(FULL, replace(FULL, steps=(step, *FULL.steps[1:])))
    assert found[0].startswith(f"环节“{step.name}”的层级由“")
    assert found[0].endswith("改为“县”。")


def test_conditions_and_short_lists():
    new = replace(FULL, conditions=("年满 18 周岁", *FULL.conditions[1:]), aliases=(*FULL.aliases, "批地"))
    found = words(FULL, new)
    assert found[0] == f"别名由“{'、'.join(FULL.aliases)}”改为“{'、'.join((*FULL.aliases, '批地'))}”。"
    assert found[1].startswith("第 1 项受理条件由“")
    assert len(found) == 2


def test_flags_and_codes_are_said_in_words():
    new = replace(FULL, fee_charged=True, village_role="direct")
    assert words(replace(FULL, fee_charged=None), new) == ["村级角色由“代办”改为“直办”。", "是否收费填写为“是”。"]


def test_a_new_matter_is_new():
    assert words(None, FULL) == [f"新建事项“{FULL.name}”。"]


def test_a_long_text_is_cut_in_the_sentence_and_whole_beside_it():
    (change,) = difference(FULL, replace(FULL, notes="长" * 3000))
    assert change.after == "长" * 3000
    assert len(change.words) < 300


# --- for every guide -------------------------------------------------------------------------------------------------


@given(guides)
def test_a_guide_does_not_differ_from_itself(one):
    assert difference(one, replace(one)) == ()


@given(guides, guides)
def test_two_guides_that_differ_are_told_apart_and_every_change_is_a_sentence(one, other):
    found = difference(one, other)
    assert bool(found) is (one != other)
    assert all(change.words.endswith("。") and change.label and "_" not in change.label for change in found)


ATTRIBUTES = [one.name for one in fields(MatterRecord)]


@pytest.mark.parametrize("name", ATTRIBUTES)
@given(data=st.data())
def test_every_edit_of_a_single_field_is_told(name, data):
    edited = data.draw(_edits(getattr(FULL, name)))
    found = difference(FULL, replace(FULL, **{name: edited}))
    assert bool(found) is (edited != getattr(FULL, name))
    assert difference(replace(FULL, **{name: edited}), FULL) or edited == getattr(FULL, name)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=4)


def _edits(value: Any) -> st.SearchStrategy[Any]:
    """Another value of the same shape: one field of a part, a part more or less, the parts in another order."""
    if isinstance(value, bool) or value is None:
        return st.sampled_from([True, False, None])
    if isinstance(value, int):
        return st.integers(0, 99)
    if is_dataclass(value) and not isinstance(value, type):
        names = st.sampled_from([one.name for one in fields(value)])
        return names.flatmap(lambda name: _edits(getattr(value, name)).map(lambda new: replace(value, **{name: new})))
    if isinstance(value, dict):
        return st.dictionaries(st.sampled_from(["title", "url", "key"]), TEXTS)
    if isinstance(value, tuple):
        return _list_edits(value)
    return TEXTS


def _list_edits(value: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if not value:
        return st.lists(TEXTS, max_size=2).map(tuple)
    places = st.integers(0, len(value) - 1)

    def one_changed(at: int) -> st.SearchStrategy[Any]:
        return _edits(value[at]).map(lambda new: (*value[:at], new, *value[at + 1 :]))

    return st.one_of(
        places.flatmap(one_changed),
        st.permutations(value).map(tuple),
        st.lists(st.sampled_from(value), max_size=len(value) + 2).map(tuple),
    )


def test_every_element_of_a_guide_has_a_word():
    basis = BasisRecord("行政许可法", "", ("第一条",))
    assert words(FULL, replace(FULL, legal_bases=(*FULL.legal_bases, basis)))[0].startswith(
        "增加设定依据“《行政许可法》”"
    )


def test_an_added_step_and_an_added_question_say_everything_that_is_signed():
    last = FULL.steps[-1]
    step = replace(
        last, seq=last.seq + 1, name="公示", level="township", kind="special", actor="乡镇人民政府", days=7, unit="cd",
        counts_in_limit=False, standard="", result="",
    )  # fmt: skip
    (said,) = words(FULL, replace(FULL, steps=(*FULL.steps, step)))
    for part in ("增加环节“公示”", "层级“乡镇（街道）”", "办理机构“乡镇人民政府”", "时限 7 个自然日", "不计入承诺时限"):
        assert part in said, said
    question = QuestionRecord("家里有残疾人吗？", (OptionRecord("有", ("残疾证",), ""), OptionRecord("没有", (), "")))
    (asked,) = words(FULL, replace(FULL, questions=(*FULL.questions, question)))
    assert asked == "增加情形“家里有残疾人吗？”：选项“有”（所需材料“残疾证”）；选项“没有”。"
