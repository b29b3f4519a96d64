"""What nobody sees is found; what Chinese text needs is left."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.plain_text import hidden_sign, plain_name


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("结婚登记\u202e", "U+202E"), ("结婚\u200b登记", "U+200B"), ("\ufeff结婚", "U+FEFF"), ("结\u2028婚", "U+2028"),
        ("结\u2029婚", "U+2029"), ("\ue000婚", "U+E000"), ("\U000f0000", "U+F0000"), ("软\u00ad连", "U+00AD"),
        ("标\U000e0041签", "U+E0041"),
        ("结\x07婚", "U+0007"), ("结\x00婚", "U+0000"), ("结\x7f婚", "U+007F"),
        ("结婚登记", ""), ("结婚　登记（补）\n第二行\t《法》", ""),
        ("葛\U000e0100城", ""), ("𬱖、㐂、\u3007、㎡、①", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_sign_that_nobody_sees_is_named(text: str, sign: str) -> None:
    assert hidden_sign(text) == sign


@given(st.text(st.characters(categories=["Lo", "Nd", "Po", "Zs", "Mn"])))
def test_letters_figures_and_marks_are_never_hidden(text: str) -> None:
    assert hidden_sign(text) == ""


@given(st.text(), st.sampled_from("\x07\u200b\u202e\ue001\u2028"), st.text())
def test_wherever_it_stands_it_is_found(before: str, sign: str, after: str) -> None:
    assert hidden_sign(before + sign + after)


@pytest.mark.parametrize("name", ["结婚登记（补）", "结婚登记(补)", "结婚 登记 (补)"])
def test_names_that_differ_in_width_or_spaces_are_one(name: str) -> None:
    assert plain_name(name) == plain_name("结婚登记(补)")


@given(st.text())
def test_a_plain_name_is_plain(name: str) -> None:
    once = plain_name(name)
    assert plain_name(unicodedata.normalize("NFKC", name)) == once
