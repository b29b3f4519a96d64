"""Case numbers and the shape of codes. Pure."""

from __future__ import annotations

import re
from datetime import date

from halls.domain.errors import Invalid

# No 0/O, 1/I/L: read over the phone and copied by hand.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
RATING_CODE_LENGTH = 12  # 59 bits: drawn at random, so nothing but the paper tells it


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and nearly every swap of neighbours."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = (total * 2) % 11
    return str((11 - product) % 10)


def case_number(county_code: str, day: date, serial: int) -> str:
    """County (6) + year (2) + serial (7) + check digit (1) = 16 digits, read in groups of four."""
    body = f"{county_code[:6]}{day:%y}{serial:07d}"
    if len(body) != 15:
        raise ValueError(f"serial {serial} does not fit the case number")
    return body + check_digit(body)


def parse_case_number(text: str) -> str:
    """Return the 16 digits of a number as typed. Raises Invalid naming the fault."""
    number = re.sub(r"[\s\u3000-]+", "", text)
    if not re.fullmatch(r"[0-9]{16}", number):
        raise Invalid(
            "number_shape",
            "办件编号是 16 位数字。",
            field="number",
            cure="请照回执上的编号输入，空格可有可无。",
        )
    if check_digit(number[:15]) != number[15]:
        raise Invalid(
            "number_check_digit",
            "办件编号有一位输错了。",
            field="number",
            cure="请照回执逐位核对。",
        )
    return number


def normalise_code(text: str) -> str:
    """What a villager types as query code, made comparable."""
    return re.sub(r"[\s\u3000-]+", "", text).upper()


def grouped(text: str) -> str:
    """In groups of four, as numbers and codes are printed and read aloud."""
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))
