"""What the searched column must hold for a pattern to be found in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.search_line import grams_of, like, slips_of

LETTERS = st.text("身份证ab_%\\", max_size=12)


@pytest.mark.parametrize(
    ("pattern", "grams"),
    [
        ("zjd", ("zj", "jd")),
        ("房", ("房",)),
        ("身_证", ("身", "证")),
        ("身份_正本", ("身份", "正本")),
        (like("a_b"), ("a_", "_b")),
        ("", ()),
    ],
)
def test_pairs_of_neighbours_and_lone_characters_are_looked_for(pattern, grams):
    assert grams_of(pattern) == grams


@given(before=LETTERS, term=LETTERS, after=LETTERS)
def test_a_text_that_contains_the_words_has_all_they_are_looked_for_by(before, term, after):
    text = before + term + after
    held = {text[at : at + 2] for at in range(len(text))} | set(text)
    assert set(grams_of(like(term))) <= held


@given(text=LETTERS, term=st.text("身份证ab", min_size=3, max_size=6))
def test_a_slip_that_fits_is_never_left_out_by_the_index(text, term):
    held = {text[at : at + 2] for at in range(len(text))} | set(text)
    for slip in slips_of(term):
        if re.search(re.escape(slip).replace("_", "."), text):
            assert set(grams_of(slip)) <= held
