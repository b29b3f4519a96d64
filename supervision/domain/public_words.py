"""Words that leave the house: without anybody's name or number, whoever typed them in. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from halls.domain.errors import Invalid
from supervision.domain.voices import plain

# Digits as they are typed, pasted in full width, and written out.
_DIGIT: Final = r"[\d\u3007○零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]"
_GAP: Final = r"[\s\-\uff0d—–·.\uff0e,\uff0c、()\uff08\uff09/\uff0f]{0,3}"
# Seven and more, however they are spaced: telephones, identity and case numbers. Years and sums stay, and dates do.
_NUMBER: Final = re.compile(rf"{_DIGIT}(?:{_GAP}{_DIGIT}){{6,}}[Xx\uff38\uff58]?")
_DATE: Final = re.compile(r"((?<!\d)(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:[12]\d|3[01]|0?[1-9])(?!\d))")
_HIDDEN: Final = "（号码已隐去）"
_SHORTEST_NAME: Final = 2
_BETWEEN: Final = r"[^\w]*"


def masked(text: str, names: Collection[str]) -> str:
    """Return the text with every long number hidden and of each of these names no more than its first character.

    However a name is spaced; of a name of three signs and more the given name alone is hidden too.
    """
    parts = _DATE.split(text)  # every other one is a date
    words = "".join(part if place % 2 else _NUMBER.sub(_HIDDEN, part) for place, part in enumerate(parts))
    for name in sorted({plain(name) for name in names}, key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            words = _spread(name).sub(name[0] + "*" * (len(name) - 1), words)
    for given in _given_names(names):
        words = _spread(given).sub("*" * len(given), words)
    return words


def _spread(name: str) -> re.Pattern[str]:
    return re.compile(_BETWEEN.join(map(re.escape, name)))


def _given_names(names: Iterable[str]) -> list[str]:
    """The last two signs of every name that has more: of 赵大山 it is 大山 by whom everybody knows him."""
    return sorted({plain(name)[-_SHORTEST_NAME:] for name in names if len(plain(name)) > _SHORTEST_NAME})


def require_anonymous(text: str, field: str, names: Collection[str]) -> str:
    """Return a text that may be shown to anybody. Raises Invalid where a number or one of these names stands in it."""
    words = text.strip()
    if masked(words, ()) != words:
        raise Invalid(
            "holds_a_number",
            "这段文字里有像电话或证件号的数字，不能公开。",
            field=field,
            cure="请删去号码和姓名，只留问题本身。",
        )
    if masked(words, names) != words:
        raise Invalid("holds_a_name", "这段文字里有提出人的姓名。", field=field, cure="请删去姓名，只说要说的事。")
    return words


# --- words that say the same in other words, or do not ----------------------------------------------------------------

_RUN: Final = 4  # signs in a row
_COPIED_AT_MOST: Final = 0.4  # of the runs of a text may stand in what somebody else said


def is_copied(text: str, said: str) -> bool:
    """Whether a text repeats what was said instead of putting it in words of its own, points and blanks aside."""
    words, original = plain(text), plain(said)
    runs = [words[start : start + _RUN] for start in range(len(words) - _RUN + 1)]
    if not runs:
        return words in original
    known = {original[start : start + _RUN] for start in range(len(original) - _RUN + 1)}
    return sum(run in known for run in runs) > _COPIED_AT_MOST * len(runs)
