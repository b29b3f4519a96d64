"""The database and the domain know one person by one and the same form of the code."""

import pytest
from django.db import connection

from halls.domain.persons import is_same_person, plain_code

pytestmark = pytest.mark.django_db

CODES = [
    "500236-ADMIN",
    " 500236-a ",
    "ß1",
    "SS1",
    "500236-A\u200b",
    "\uff30-001.",
    "员-001",
    "员001",
    "-",
    "",
    "P_1",
    "Ⅷ-3",
]


def asked(function, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(values))})", values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("code", CODES)
def test_the_plain_form_of_a_code_is_the_same_in_both(code):
    assert asked("halls_plain_code", code) == plain_code(code)


@pytest.mark.parametrize(("one", "other"), [("P-001", "p001"), ("员-001", "员001"), ("", ""), ("-", "-"), ("A1", "A2")])
def test_both_know_the_same_person(one, other):
    assert asked("halls_is_same_person", one, other) == is_same_person(one, other)
