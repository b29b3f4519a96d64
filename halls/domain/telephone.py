"""One telephone number that people can dial. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?:0[0-9]{2,3}[- ]?)?[0-9]{7,8}(?:(?:-|转)[0-9]{1,6})?"  # with an area code or without, and an extension
    r"|1[0-9]{10}|(?:400|800)[- ]?[0-9]{3}[- ]?[0-9]{4}|[19][0-9]{4}|11[09]|12[02]"
)


def is_telephone(text: str) -> bool:
    """Whether this is one number: with an area code or without, mobile, 400, 12345."""
    return bool(_NUMBER.fullmatch(text))
