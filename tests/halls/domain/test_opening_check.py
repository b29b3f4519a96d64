"""Opening times as people write them, what keeps them from being published, and the days on which they turn."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.errors import Invalid
from halls.domain.opening_check import MOST_LINES, problems_of, read_digits
from halls.domain.openings import Hours, Opening, OpeningKind, hours_of, in_force, turning_days

REGULAR, MARKET, EXTENDED = OpeningKind
MORNING = Opening(REGULAR, time(9), time(12), weekday=1)
DAY = date(2026, 3, 2)


def at(opens: int, closes: int, **days: object) -> Opening:
    return Opening(REGULAR, time(opens), time(closes), **days)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("258", "258"), ("2、5、8", "258"), ("2,5，8", "258"), ("二五八", "258"), ("逢二、五、八", "258"),
        ("\uff12 \uff15 \uff18", "258"),
        ("逢五、逢十", "50"), ("5、10", "50"), ("十", "0"), ("0", "0"), ("1、10", "10"), ("\u3007", "0"),
    ],
)  # fmt: skip
def test_market_days_are_read_as_people_write_them(text: str, digits: str) -> None:
    assert read_digits(text) == digits


@pytest.mark.parametrize(
    "text", ["10", "510", "2、2", "22", "二2", "x", "2-5", "初二", "11", "2、15", "2、58", "十五", "五十", "，", "٢"]
)
def test_what_is_no_digit_is_doubled_or_unclear_is_refused_with_a_cure(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_digits(text)
    assert (refusal.value.code, refusal.value.field) == ("bad_digits", "digits")
    assert refusal.value.cure


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ([], []),
        ([MORNING, at(14, 17, weekday=1), at(12, 14, weekday=1)], []),  # one after the other
        ([MORNING, at(9, 12, weekday=2)], []),
        ([MORNING, Opening(MARKET, time(8), time(12), digits="258")], []),  # a market on a Monday
        ([at(8, 12, digits="258"), at(8, 12, digits="147")], []),
        ([MORNING, at(11, 13, weekday=1)], ["openings.1.opens"]),
        ([MORNING, MORNING], ["openings.1.opens"]),
        ([MORNING, Opening(EXTENDED, time(11), time(19), weekday=1)], ["openings.1.opens"]),
        ([at(8, 12, digits="258"), at(10, 14, digits="85")], ["openings.1.opens"]),
        ([at(12, 9, weekday=1)], ["openings.0.closes"]),
        ([at(9, 9, weekday=1)], ["openings.0.closes"]),
        ([at(9, 12)], ["openings.0.weekdays"]),
        ([at(9, 12, weekday=8)], ["openings.0.weekdays"]),
        ([at(9, 12, weekday=1, digits="2")], ["openings.0.weekdays"]),
        ([at(9, 12, digits="2a")], ["openings.0.digits"]),
        ([at(9, 12, digits="22")], ["openings.0.digits"]),
        ([at(9, 12, digits="٢")], ["openings.0.digits"]),
        ([MORNING, at(9, 8, digits="2x")], ["openings.1.digits", "openings.1.closes"]),
    ],
)
def test_a_fault_is_told_at_its_line(lines: list[Opening], places: list[str]) -> None:
    found = problems_of(lines)
    assert [problem.field for problem in found] == places
    assert all(problem.message and problem.cure for problem in found)


def test_the_same_clash_of_many_days_is_one_fault_that_names_them() -> None:
    week = [at(9, 12, weekday=day) for day in (1, 2)] + [at(11, 13, weekday=day) for day in (1, 2)]
    (problem,) = problems_of(week)
    assert problem.message == "周一、周二的 09:00-12:00 和 11:00-13:00 重叠。"


def test_too_many_lines_are_refused_and_the_last_allowed_is_not() -> None:
    # Ten minutes each, one after the other, on Mondays.
    lines = [
        Opening(REGULAR, time(n // 6, n % 6 * 10), time(n // 6, n % 6 * 10 + 9), weekday=1) for n in range(MOST_LINES)
    ]
    assert problems_of(lines) == []
    (problem,) = problems_of([*lines, at(20, 21, weekday=1)])
    assert (problem.field, f"最多 {MOST_LINES} 条" in problem.message) == ("openings", True)


WEEKDAYS = st.sets(st.integers(1, 7)).map(lambda days: tuple(sorted(days)))
DIGITS = st.sets(st.sampled_from("0123456789")).map(lambda digits: "".join(sorted(digits)))


@given(WEEKDAYS, DIGITS)
def test_rows_and_lines_say_the_same(weekdays: tuple[int, ...], digits: str) -> None:
    row = Hours(MARKET, time(8), time(12), weekdays, digits)
    assert hours_of(row.lines()) == ([row] if weekdays or digits else [])


def dated(starts: int, ends: int | None, opens: int = 9) -> Opening:
    last = None if ends is None else DAY + timedelta(days=ends)
    return Opening(REGULAR, time(opens), time(12), 1, starts_on=DAY + timedelta(days=starts), ends_on=last)


@pytest.mark.parametrize(
    ("lines", "turns"),
    [
        ([dated(-9, None)], []),
        ([dated(-9, 3), dated(4, None, 8)], [4]),
        ([dated(-9, 3), dated(4, None)], []),  # the same goes on
        ([dated(-9, 3)], [4]),  # nothing after it
        ([dated(5, 6)], [5, 7]),
        ([dated(0, 0, 8)], [1]),
    ],
)
def test_a_turn_is_a_later_day_with_another_set_than_the_day_before(lines: list[Opening], turns: list[int]) -> None:
    assert turning_days(lines, DAY) == [DAY + timedelta(days=after) for after in turns]


SPANS = st.lists(st.tuples(st.integers(-5, 12), st.integers(0, 8) | st.none(), st.integers(7, 9)), max_size=6)


@given(SPANS)
def test_between_turns_nothing_changes(spans: list[tuple[int, int | None, int]]) -> None:
    lines = [dated(starts, None if length is None else starts + length, opens) for starts, length, opens in spans]
    turns = turning_days(lines, DAY)
    for after in range(1, 25):
        day = DAY + timedelta(days=after)
        before = set(in_force(lines, day - timedelta(days=1)))
        assert (set(in_force(lines, day)) != before) == (day in turns)
