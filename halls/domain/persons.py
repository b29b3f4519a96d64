"""When two codes mean one person."""

from __future__ import annotations

import unicodedata


def is_same_person(one: str, other: str) -> bool:
    """Whether two person codes (人员编号) name one human being, however they were typed; no code names nobody."""
    first, second = plain_code(one), plain_code(other)
    return bool(first) and first == second


def plain_code(code: str) -> str:
    """Only letters and digits count: P-001, P001 and P001 with a sign that nobody sees are one code.

    The database knows the same as halls_plain_code.
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).casefold() if sign.isalnum())
