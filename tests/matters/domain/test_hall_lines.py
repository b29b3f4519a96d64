"""What a hall may write of its hours and its telephone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.hall_lines import is_phone, why_no_hours
from matters.domain.hall_promise import Decision, in_force, never_counts


@pytest.mark.parametrize(
    "text",
    ["023-56560001", "56560001", "13900000000", "12345", "023-56560001、13900000000", "400-123-4567", "0797 1234567"],
)
def test_a_telephone_that_can_be_dialled(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["abc", "023-1", "电话找小王", "1390000000000", "023-56560001 找小王", "、"])
def test_a_telephone_that_cannot(text: str) -> None:
    assert not is_phone(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("周一至周五 9:00–12:00", ""),
        ("周一至周五 9:00—17:00", ""),
        ("逢二五八 09:00-12:00；14:00至17:00", ""),
        ("随时", "没有写从几点到几点。"),
        ("周一 9:00", "没有写从几点到几点。"),
        ("周一 25:00-26:00", "没有这样的钟点。"),
        ("周一 9:70-12:00", "没有这样的钟点。"),
        ("周一 17:00-9:00", "结束早于开始。"),
    ],
)
def test_hours_say_from_when_to_when(text: str, why: str) -> None:
    assert why_no_hours(text) == why


DECISIONS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 12)), max_size=6)


@given(DECISIONS)
def test_what_never_counts_is_in_force_on_no_day(made: list[tuple[int, int]]) -> None:
    """Decision n is made on day n, and begins so many days later."""
    first = date(2026, 3, 2)
    rows = [Decision(number, days, first + timedelta(days=number + after)) for number, (days, after) in enumerate(made)]
    counted = {
        found.number
        for day in range(40)
        if (found := in_force([row for row in rows if row.number <= day], first + timedelta(days=day)))
    }
    assert counted | never_counts(rows) == {row.number for row in rows}
    assert not counted & never_counts(rows)
