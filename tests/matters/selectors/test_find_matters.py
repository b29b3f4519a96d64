"""What people type, and what they must find."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from matters.actions._search_text import full_pinyin, initials
from matters.models import Matter
from matters.selectors import find_matters
from matters.selectors.search import search_terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def codes(words: str, **narrow: Any) -> list[str]:
    return [matter.code for matter in find_matters(words, **narrow)]


@pytest.mark.parametrize(("words", "code"), [
    ("宅基地", "NY-003"), ("zjd", "NY-003"), ("ZJD", "NY-003"), ("zhaijidi", "NY-003"), ("农民建房证", "NY-003"),
    ("nccmzjdsp", "NY-003"), ("宅基地 审批", "NY-003"), ("审批，宅基地", "NY-003"), ("低保", "MZ-001"),
    ("dibao", "MZ-001"), ("五保", "MZ-002"), ("身份证", "GA-006"), ("sfz", "GA-006"), ("民政局", "MZ-003"),
    ("人社 登记", "RS-001"), ("林权证", "ZR-005"), ("lqz", "ZR-005"), ("就业创业", "RS-009"), ("粮食直补", "NY-012"),
])  # fmt: skip
def test_people_find_the_matter_by_its_name_old_name_pinyin_theme_or_department(words: str, code: str) -> None:
    assert code in codes(words)


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "没有这个事项", "zzzz", "\x00%", "宅基地 没有"])
def test_what_is_nowhere_finds_nothing(words: str) -> None:
    assert codes(words) == []


@pytest.mark.parametrize("words", ["", "  ", "，。", "\x00\n"])
def test_no_words_list_everything_by_pinyin(words: str) -> None:
    found = list(find_matters(words))
    assert len(found) == 133
    assert [matter.sort_key for matter in found] == sorted(matter.sort_key for matter in found)


def test_a_search_can_be_narrowed_by_tier_theme_and_department() -> None:
    assert len(codes("", tier="village")) == 95
    assert set(codes("", theme="宅基地")) == {"NY-003", "NY-004"}
    assert len(codes("", department="500236-MZ")) == 17
    assert "ZR-003" not in codes("宅基地", tier="township", theme="宅基地")


@pytest.mark.parametrize(("typed", "terms"), [
    ("宅基地", ("宅基地",)), (" ZJD ", ("zjd",)), ("低保、申请", ("低保", "申请")), ("长" * 100, ("长" * 60,)),
    ("a b c d e f g h i j", tuple("abcdefgh")), ("\x00", ()),
])  # fmt: skip
def test_words_are_cut_apart_and_bounded(typed: str, terms: tuple[str, ...]) -> None:
    assert search_terms(typed) == terms


@pytest.mark.parametrize(("text", "pinyin", "letters"), [
    ("宅基地", "zhaijidi", "zjd"), ("绿化", "lvhua", "lh"), ("重度残疾人", "zhongducanjiren", "zdcjr"),
    ("A类(新办)", "aleixinban", "alxb"),
])  # fmt: skip
def test_chinese_is_spelt_as_it_is_typed(text: str, pinyin: str, letters: str) -> None:
    assert full_pinyin(text) == pinyin
    assert initials(text) == letters


def test_the_search_line_has_no_upper_case() -> None:
    assert not [matter.code for matter in Matter.objects.all() if matter.search_text != matter.search_text.lower()]


def test_the_index_holds_characters_and_pairs_but_nothing_across_two_lines() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_grams(%s)", ["宅基\nzj"])
        assert set(cursor.fetchone()[0]) == {"宅", "基", "宅基", "z", "j", "zj"}
