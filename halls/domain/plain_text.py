"""Signs that nobody sees or that every machine shows otherwise: not fit for names and texts that the public reads."""

from __future__ import annotations

import unicodedata
from typing import Final

# Controls, marks of direction and joining, private signs, and the two separators; what Chinese text needs (the
# ideographic space, variation selectors of ideographs, the end of a line) is none of them.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Zl", "Zp"})
_BETWEEN_LINES: Final = "\t\n\r"
CURE: Final = "请删去看不见的字符，或把这几个字重新打一遍。"


def hidden_sign(text: str) -> str:
    """Return the first such sign as U+202E, "" when there is none."""
    signs = (sign for sign in text if unicodedata.category(sign) in _HIDDEN and sign not in _BETWEEN_LINES)
    return next((f"U+{ord(sign):04X}" for sign in signs), "")


def plain_name(name: str) -> str:
    """Return a name as people hear it: two that only differ in width, case or spaces are one."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
