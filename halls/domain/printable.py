"""Signs that no paper holds and no file format carries: control characters typed, pasted or sent by a program. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

# All but tab and line feed; with them the halves of signs and the two that are none.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text without them; every end of a line is one line feed."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def all_printable(value: Any) -> Any:
    """The same of everything in lists and dicts, for what is kept already."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: all_printable(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(all_printable(one) for one in value)
    return value
