"""Words that leave the house: without anybody's name or number, whoever typed them in. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

# Seven digits and more, however they are spaced: telephones, identity and case numbers. Years and sums stay.
_NUMBER: Final = re.compile(r"\d(?:[ \-\uff0d—]?\d){6,}[Xx\uff38\uff58]?")
_SHORTEST_NAME: Final = 2


def masked(text: str, names: Collection[str]) -> str:
    """Return the text with every long number hidden and of each of these names no more than its first character."""
    words = _NUMBER.sub("（号码已隐去）", text)
    for name in sorted({"".join(name.split()) for name in names}, key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            words = re.sub(r"\s*".join(map(re.escape, name)), name[0] + "*" * (len(name) - 1), words)
    return words
