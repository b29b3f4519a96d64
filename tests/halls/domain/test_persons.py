"""One human being under two spellings."""

import pytest

from halls.domain.persons import is_same_person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("500236-ADMIN", "500236-admin"),
        (" 500236-A ", "500236-A"),
        ("ß1", "SS1"),
        ("500236-A", "500236A"),
        ("500236-A", "500236-A\u200b"),
        ("P-001", "\uff30-001."),
    ],
)
def test_a_code_typed_otherwise_is_the_same_person(one: str, other: str) -> None:
    assert is_same_person(one, other)


@pytest.mark.parametrize(("one", "other"), [("", ""), ("A-1", ""), ("A-1", "A-2"), ("-", "-"), ("\u200b", "\u200b")])
def test_no_code_names_nobody(one: str, other: str) -> None:
    assert not is_same_person(one, other)
