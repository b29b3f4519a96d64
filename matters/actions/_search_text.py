"""The line by which a matter is found: its words, their full pinyin and their initials."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

_NOT_A_LETTER = re.compile(r"[^a-z0-9]")


def full_pinyin(text: str) -> str:
    """Return 宅基地 as zhaijidi."""
    return _NOT_A_LETTER.sub("", "".join(lazy_pinyin(text)).lower())


def initials(text: str) -> str:
    """Return 宅基地 as zjd."""
    return _NOT_A_LETTER.sub("", "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower())


def search_text(name: str, aliases: Iterable[str], theme: str, department: str) -> str:
    """Return one lower-case line per word list; no search word can reach across two of them."""
    spoken = [name, *aliases, theme]
    lines = [*spoken, *(full_pinyin(text) for text in spoken), *(initials(text) for text in spoken), department]
    return "\n".join(line.lower() for line in lines if line)
