"""When two codes mean one person."""

from __future__ import annotations

import unicodedata


def is_same_person(one: str, other: str) -> bool:
    """Whether two person codes (人员编号) name one human being, however they were typed; no code names nobody."""
    first, second = _plain(one), _plain(other)
    return bool(first) and first == second


def _plain(code: str) -> str:
    """Only letters and digits count: P-001, P001 and P001 with a sign that nobody sees are one code."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).casefold() if sign.isalnum())
