"""Case numbers: sixteen digits that notice a slip of the hand."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from applications.domain.numbers import (
    CODE_ALPHABET,
    case_number,
    check_digit,
    grouped,
    normalise_code,
    parse_case_number,
)
from halls.domain.errors import Invalid

DAY = date(2026, 3, 2)
numbers = st.integers(1, 9_999_999).map(lambda serial: case_number("500236", DAY, serial))


def test_a_number_is_county_year_serial_and_check_digit() -> None:
    number = case_number("500236", DAY, 123)
    assert number == "500236260000123" + check_digit("500236260000123")
    assert len(number) == 16


def test_a_serial_that_does_not_fit_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        case_number("500236", DAY, 10_000_000)


@given(numbers)
def test_a_number_is_read_with_blanks_and_dashes(number: str) -> None:
    assert parse_case_number(f" {grouped(number)}　") == number
    assert parse_case_number("-".join(grouped(number).split())) == number


@given(numbers, st.integers(0, 15), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_noticed(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    with pytest.raises(Invalid) as caught:
        parse_case_number(number[:place] + digit + number[place + 1 :])
    assert caught.value.code == "number_check_digit"


def test_nearly_every_swap_of_neighbours_is_noticed() -> None:
    swaps = missed = 0
    for serial in range(1, 400):
        number = case_number("500236", DAY, serial * 7919)
        for place in range(15):
            if number[place] != number[place + 1]:
                swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
                swaps += 1
                missed += check_digit(swapped[:15]) == swapped[15]
    assert missed / swaps < 0.03


@pytest.mark.parametrize("typed", ["", "123", "5" * 17, "50023626000012\uff134", "500236260000123X", "五零零二三六"])
def test_what_is_no_number_is_refused_with_a_cure(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_case_number(typed)
    assert caught.value.field == "number"
    assert caught.value.cure


def test_a_code_is_read_in_small_letters_and_groups() -> None:
    assert normalise_code(" mcw8 9gt2　") == "MCW89GT2"
    assert not set("01OIL") & set(CODE_ALPHABET)


def test_numbers_are_printed_in_groups_of_four() -> None:
    assert grouped("5002362600000011") == "5002 3626 0000 0011"
    assert grouped("") == ""
