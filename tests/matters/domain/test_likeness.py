"""Which matters may be one: found by code, name and what people say; never across departments."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from matters.domain.likeness import NAMES_ALIKE, Named, similar

LETTERS = st.text("甲乙丙丁戊己", min_size=1, max_size=8)
MATTERS = st.lists(
    st.tuples(LETTERS, st.sampled_from("AB"), st.lists(LETTERS, max_size=2), st.sampled_from(["", "1", "2"])),
    max_size=7,
)


def named(rows: list[tuple[str, str, list[str], str]]) -> list[Named]:
    return [Named(f"X-{at}", name, bureau, tuple(also), code) for at, (name, bureau, also, code) in enumerate(rows)]


def reasons(*matters: Named) -> list[tuple[str, ...]]:
    return [pair.reasons for pair in similar(matters)]


def test_one_code_makes_two_matters_one() -> None:
    a, b = Named("A", "取水许可", "水利", (), "000119001000"), Named("B", "河道采砂", "水利", (), "000119001000")
    (pair,) = similar([b, a])
    assert (pair.one, pair.other, pair.likeness) == (a, b, 100)
    assert pair.reasons == ("基本编码都是 000119001000",)


def test_the_same_name_in_another_department_is_another_matter() -> None:
    assert similar([Named("A", "低保申请", "民政"), Named("B", "低保申请", "残联")]) == ()
    assert reasons(Named("A", "低保申请", "民政"), Named("B", "低保申请", "民政")) == [("名称相同",)]


def test_words_for_the_kind_of_act_make_nothing_alike() -> None:
    assert reasons(Named("A", "高龄津贴给付", "民政"), Named("B", "孤儿基本生活费给付", "民政")) == []
    assert reasons(Named("A", "高龄津贴申领", "民政"), Named("B", "高龄津贴给付", "民政")) == [("名称有 100% 相同",)]


def test_sister_matters_of_one_thing_are_not_alike() -> None:
    names = ("个体工商户设立登记", "个体工商户变更登记", "个体工商户注销登记", "社会保障卡申领", "社会保障卡补领、换领")
    assert reasons(*(Named(str(at), name, "市场") for at, name in enumerate(names))) == []
    same = Named("A", "个体工商户变更登记", "市场"), Named("B", "个体工商户变更登记申请", "市场")
    assert reasons(*same) == [("名称有 100% 相同",)]


def test_an_alias_that_is_the_name_of_the_other_is_told() -> None:
    found = reasons(Named("A", "生育登记", "卫健"), Named("B", "准生证办理", "卫健", ("生育登记",)))
    assert found == [("一个的别名是另一个的名称：生育登记",)]
    twice = reasons(Named("A", "甲类", "卫健", ("准生证", "生娃证")), Named("B", "乙种", "卫健", ("生娃证", "准生证")))
    assert twice == [("群众叫法相同：准生证、生娃证",)]


@given(MATTERS)
def test_every_pair_is_found_once_with_a_reason_and_in_its_department(rows) -> None:
    found = similar(named(rows))
    assert len({(pair.one.code, pair.other.code) for pair in found}) == len(found)
    for pair in found:
        assert pair.one.code < pair.other.code
        assert pair.one.department == pair.other.department
        assert pair.reasons
        assert NAMES_ALIKE * 100 <= pair.likeness <= 100


@given(MATTERS)
def test_the_order_of_the_catalogue_does_not_matter(rows) -> None:
    assert similar(named(rows)) == similar(reversed(named(rows)))


@given(MATTERS)
def test_nothing_of_one_code_or_one_name_is_missed(rows) -> None:
    matters = named(rows)
    found = {(pair.one.code, pair.other.code) for pair in similar(matters)}
    for at, one in enumerate(matters):
        for other in matters[at + 1 :]:
            is_one = one.name == other.name or (one.basic_code and one.basic_code == other.basic_code)
            if one.department == other.department and is_one:
                assert (one.code, other.code) in found


def test_five_thousand_matters_take_seconds_at_most() -> None:
    many = [Named(f"X-{n}", f"第{n % 97}类{n}号许可", f"D{n % 25}") for n in range(5000)]
    before = time.monotonic()
    similar(many)
    assert time.monotonic() - before < 10
