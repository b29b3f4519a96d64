"""A draft under an editor's hands: rows never get lost by moving, steps are numbered, what is typed stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.content_edit import change_rows, meant, number_in, tidy, typed
from matters.domain.elements import LIMITS, SECTIONS, Element, all_rows, section_of, words_of
from matters.domain.guide_table import cell_of, escaped, unescaped, value_in

MOVES = st.lists(st.tuples(st.sampled_from(["up", "down"]), st.integers(0, 9)), max_size=20)
SINGLE = [element for section in SECTIONS for element in section.elements]


def steps(count: int) -> dict[str, Any]:
    return {"steps": [{"seq": 1, "name": f"第{number}个"} for number in range(count)]}


@given(st.integers(0, 8), MOVES)
def test_moving_loses_and_doubles_no_row(count: int, moves: list[tuple[str, int]]) -> None:
    content = steps(count)
    for verb, index in moves:
        content, _at = change_rows(content, f"{verb}:steps[{index}]")
    assert sorted(step["name"] for step in content["steps"]) == [f"第{number}个" for number in range(count)]
    if any(index < count for _verb, index in moves):
        assert [step["seq"] for step in content["steps"]] == list(range(1, count + 1))


@given(st.integers(2, 8), st.integers(0, 7))
def test_up_undoes_down(count: int, index: int) -> None:
    before = tidy(steps(count))
    index %= count - 1
    moved, at = change_rows(before, f"down:steps[{index}]")
    assert at == f"steps[{index + 1}]"
    assert change_rows(moved, f"up:{at}") == (before, f"steps[{index}]")


def test_the_original_is_never_touched() -> None:
    content = steps(3)
    change_rows(content, "remove:steps[0]")
    assert content == steps(3)


@pytest.mark.parametrize("junk", [None, 3, "材料", {"a": 1}, [1, None, "x"], [[]]])
def test_rows_that_are_no_rows_do_no_harm(junk: Any) -> None:
    for rows in all_rows():
        content: dict[str, Any] = {}
        parts = rows.name.split(".")
        content[parts[0]] = {parts[1]: junk} if len(parts) > 1 else junk
        changed, at = change_rows(content, f"add:{rows.name}")
        assert at.startswith(f"{rows.name}[")
        assert isinstance(changed, dict)


@pytest.mark.parametrize(("text", "number"), [
    ("", None), ("0", 0), ("\uff11\uff12", 12), ("三天", "三天"), ("-1", "-1"), ("9" * 5000, "9" * 5000), ("²", "²"),
])  # fmt: skip
def test_a_number_is_read_or_left_as_it_was_typed(text: str, number: Any) -> None:
    assert number_in(text) == number


def test_a_limit_that_is_not_stated_is_not_there() -> None:
    nothing = {"days": None, "unit": None, "note": "", "basis": None}
    content = tidy(
        {"statutory_limit": dict(nothing), "promised_limit": dict(nothing), "provincial_limit": dict(nothing)}
    )
    assert content == {"statutory_limit": None, "promised_limit": None, "provincial_limit": None}
    noted = tidy({"statutory_limit": nothing | {"note": "无法定时限"}})
    assert noted == {"statutory_limit": {"days": None, "note": "无法定时限"}}
    assert tidy({"promised_limit": nothing | {"days": 3}})["promised_limit"]["unit"] == "工作日"


@pytest.mark.parametrize(("place", "words"), [
    ("materials[2].name", "材料第 3 项 · 材料名称"), ("steps", "环节"), ("conditions[0]", "受理条件第 1 项"),
    ("aliases[1]", "别名"), ("promised_limit", "承诺时限"), ("fee.items[0].basis", "收费项目第 1 项 · 依据"),
    ("questions[0].options[1].text", "情形问题第 1 项 · 选项第 2 项 · 选项"), ("nowhere", "nowhere"), ("", ""),
])  # fmt: skip
def test_a_place_is_said_in_words(place: str, words: str) -> None:
    assert words_of(place) == words


def test_every_element_is_in_one_section() -> None:
    names = [element.name for element in SINGLE] + [rows.name for rows in all_rows()]
    assert len(set(names)) == len(names)
    assert section_of("fee.items[0].name") is LIMITS


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40).map(str.strip)


@given(TEXTS)
def test_every_text_comes_back_from_its_cell(text: str) -> None:
    assert unescaped(escaped(text)) == text
    note = Element("note", "说明")
    assert value_in(note, cell_of(note, text)) == text.replace("\r\n", "\n") or "\r" in text


@given(st.lists(TEXTS.filter(bool), max_size=5))
def test_every_list_comes_back_from_its_cell(texts: list[str]) -> None:
    lines = Element("aliases", "别名", "lines")
    assert value_in(lines, cell_of(lines, texts)) == texts


@pytest.mark.parametrize("element", SINGLE, ids=lambda element: element.name)
def test_every_choice_comes_back_from_its_control_and_its_cell(element: Element) -> None:
    for value, _label in element.choices:
        said = [value] if element.kind == "choices" else value
        assert meant(element, typed(element, said)) == said
        assert value_in(element, cell_of(element, said)) == said
