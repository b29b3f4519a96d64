"""Numbers of people and organisations: what is let in, what is refused, and what is shown."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from applications.domain.identity import (
    IdKind,
    check_id,
    check_phone,
    check_resident_number,
    check_uscc,
    mask_id_number,
    mask_name,
    mask_phone,
    normalise,
    resident_check_digit,
)
from halls.domain.errors import Invalid

TODAY = date(2026, 3, 2)
# Source: GB 11643-1999 and rules of exchange 2.8; 99 is the impossible region for made-up people.
WIDE = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)} | {"X": "\uff38"})
ARABIC = str.maketrans({str(n): chr(0x660 + n) for n in range(10)})
PEOPLE = (
    "11010519491231002X", "440524188001010014", "990000199001010017", "990000201506150023", "99000019560701003X",
)  # fmt: skip
# Source: GB 32100-2015; published examples.
ORGANISATIONS = ("91310230MA1K314J7C", "91310230MA1K314K57", "91350100M000100Y43", "11370800MB28559184")


def refusal(text: str, kind: IdKind = IdKind.RESIDENT, today: date = TODAY) -> Invalid:
    with pytest.raises(Invalid) as caught:
        check_id(kind, text, today=today)
    assert caught.value.field == "id_number"
    assert caught.value.cure
    return caught.value


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    province = draw(st.sampled_from(["11", "50", "52", "65", "71", "81", "82", "83", "91", "99"]))
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    first = f"{province}{draw(st.integers(0, 9999)):04d}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + resident_check_digit(first)


# --- residents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [n for n in PEOPLE if n != "440524188001010014"])
def test_a_right_number_comes_back_as_it_is(number: str) -> None:
    assert check_resident_number(number, today=TODAY) == number


def test_the_example_of_the_standard_was_born_in_1880_and_is_taken_by_its_own_time() -> None:
    assert check_resident_number("440524188001010014", today=date(2000, 1, 1))
    assert check_resident_number("440524188001010014", today=date(2030, 12, 31))
    assert refusal("440524188001010014", today=date(2031, 1, 1)).code == "id_too_old"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "11010519491231002X".translate(WIDE),
        "110105　19491231　002x\n",
    ],
)
def test_lower_case_blanks_dashes_and_full_width_are_taken(typed: str) -> None:
    assert check_resident_number(typed, today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("110105491231002", "id_15_digits"),
        ("", "id_shape"),
        ("1101051949123100", "id_shape"),
        ("11010519491231002XX", "id_shape"),
        ("1101051949123100XX", "id_shape"),
        ("11010519491231002Y", "id_shape"),
        ("张三", "id_shape"),
        ("11010519491231002X".translate(ARABIC), "id_shape"),
        ("1101051949123100" + "2X".translate(ARABIC), "id_shape"),
        ("11010519491231002\u0000", "id_shape"),
        ("00010519491231002X", "id_region"),
        ("10010519491231002X", "id_region"),
        ("110105194913310025", "id_birth_date"),
        ("110105194902300025", "id_birth_date"),
        ("110105190002290028", "id_birth_date"),
        ("110105000012310020", "id_birth_date"),
        ("110105202603030025", "id_future_birth"),
        ("110105209912310023", "id_future_birth"),
        ("110105180001010025", "id_too_old"),
        ("110105194912310021", "id_check_digit"),
        ("11010519491231002 0", "id_check_digit"),
    ],
)
def test_a_wrong_number_is_refused_with_its_fault_and_the_cure(typed: str, code: str) -> None:
    assert refusal(typed).code == code


def test_whoever_was_born_today_has_a_number() -> None:
    first = f"500236{TODAY:%Y%m%d}001"
    assert check_resident_number(first + resident_check_digit(first), today=TODAY)


@given(resident_numbers())
def test_every_well_made_number_is_taken(number: str) -> None:
    assert check_resident_number(number.lower(), today=TODAY) == number


@given(resident_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_digit_is_refused(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    with pytest.raises(Invalid):
        check_resident_number(number[:place] + digit + number[place + 1 :], today=TODAY)


@given(resident_numbers(), st.integers(0, 16))
def test_any_swap_of_neighbours_is_refused(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(Invalid):
        check_resident_number(swapped, today=TODAY)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_taken_or_refused_in_words(text: str) -> None:
    for kind in IdKind:
        try:
            taken = check_id(kind, text, today=TODAY)
        except Invalid as error:
            said = error
            taken = normalise(text) if said.message and said.cure else "refused without a word"
        assert taken == normalise(text)


# --- organisations, other papers, phones ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ORGANISATIONS)
def test_a_right_credit_code_is_taken(code: str) -> None:
    assert check_uscc(code.lower()) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91310230MA1K314J7D", "uscc_check_digit"),
        ("91310230MA1K314J7", "uscc_shape"),
        ("91310230MA1K314I7C", "uscc_shape"),
        ("91310230MA1K314O7C", "uscc_shape"),
        ("", "uscc_shape"),
    ],
)
def test_a_wrong_credit_code_is_refused(typed: str, code: str) -> None:
    assert refusal(typed, IdKind.USCC).code == code


@given(st.sampled_from(ORGANISATIONS), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_single_wrong_character_of_a_credit_code_is_refused(code: str, place: int, character: str) -> None:
    assume(code[place] != character)
    with pytest.raises(Invalid):
        check_uscc(code[:place] + character + code[place + 1 :])


@pytest.mark.parametrize(("typed", "taken"), [("e 1234567", "E1234567"), ("军字第0001号", "军字第0001号")])
def test_another_paper_is_taken_as_it_is_written(typed: str, taken: str) -> None:
    assert check_id(IdKind.OTHER, typed, today=TODAY) == taken


@pytest.mark.parametrize("typed", ["", "123", "1" * 33])
def test_another_paper_needs_a_believable_length(typed: str) -> None:
    assert refusal(typed, IdKind.OTHER).code == "id_other_length"


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("", ""),
        ("  ", ""),
        ("139 1234 5678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("023-56550000", "02356550000"),
        ("56550000", "56550000"),
    ],
)
def test_a_phone_number_is_freed_of_separators(typed: str, taken: str) -> None:
    assert check_phone(typed) == taken


@pytest.mark.parametrize(
    "typed", ["123", "1380000", "12912345678", "139123456789", "电话", "13912345678".translate(ARABIC)]
)
def test_a_phone_number_that_cannot_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_phone(typed)
    assert caught.value.field == "phone"


# --- masks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("张大山", "张**"), ("欧阳文华", "欧***"), ("阿卜杜热西提·买买提", "阿****")]
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_an_organisation_keeps_what_tells_it_apart() -> None:
    assert mask_name("奉节县某某公司", is_person=False) == "奉节县某***"


@given(resident_numbers())
def test_a_masked_number_shows_neither_birthday_nor_sequence(number: str) -> None:
    masked = mask_id_number(number)
    assert len(masked) == 18
    assert number[6:16] not in masked
    assert masked.count("*") == 13


def test_a_masked_phone_keeps_its_ends() -> None:
    assert mask_phone("13912345678") == "139******78"
    assert mask_phone("") == ""
