"""The lines by which a matter is found: its words, what people say for them, their pinyin and their initials."""

from __future__ import annotations

from collections.abc import Iterable

from matters.domain.search_line import MEANT, search_line
from matters.shipped import phrases_of
from matters.spelling import full_pinyin, initials

__all__ = ["full_pinyin", "initials", "search_text"]


def search_text(
    name: str, aliases: Iterable[str], theme: str, department: str, code: str = "", old: Iterable[tuple[str, bool]] = ()
) -> str:
    """Return the searched column of a matter; `code` brings in what people say for it (data/plain_words.json).

    `old`: what was merged into it was called (matters.selectors.absorbed).
    """
    named = [name, *aliases]
    phrases = [*phrases_of(code), *old]
    spelt = [*named, theme]
    beside = [theme, *(full_pinyin(text) for text in spelt), *(initials(text) for text in spelt), department]
    beside += [f"{MEANT if is_first else ''}{full_pinyin(phrase)}" for phrase, is_first in phrases]
    return search_line(named, phrases, beside)
