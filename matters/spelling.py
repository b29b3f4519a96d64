"""Chinese as it is typed on a keyboard without Chinese: full pinyin and initials."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

_NOT_A_LETTER = re.compile(r"[^a-z0-9]")


def full_pinyin(text: str) -> str:
    """Return 宅基地 as zhaijidi."""
    return _NOT_A_LETTER.sub("", "".join(lazy_pinyin(text)).lower())


def initials(text: str) -> str:
    """Return 宅基地 as zjd."""
    return _NOT_A_LETTER.sub("", "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower())
