"""How the searched column of a matter is written, and what is looked for in it. Pure.

Every word stands on a line of its own, so that a line can be asked for whole and nothing reaches across two of them.
What people call the matter stands before a mark, everything else (theme, pinyin, initials, department) behind it.
A phrase that means this matter before all others has a mark of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

SPOKEN_END: Final = "\x1e"
MEANT: Final = "\x1f"

_LETTER: Final = re.compile(r"\\(.)|(.)", re.DOTALL)

# What people write around the thing they want; dropped only when nothing was found with it.
_AROUND: Final = (
    "请问", "我想", "我要", "想要", "怎么样", "怎样", "怎么", "如何", "需要", "要带", "带什么", "什么", "哪些", "哪里",
    "在哪", "多少", "手续", "材料", "流程", "申请", "办理", "办个", "的", "吗", "呢", "啊", "了",
)  # fmt: skip


def search_line(named: Iterable[str], phrases: Iterable[tuple[str, bool]], beside: Iterable[str]) -> str:
    """Return the column: names and phrases, the mark, the rest; lower-case, each once, none empty.

    `phrases`: what people say, and whether this matter is the first they mean by it.
    """
    spoken = [*named, *(f"{MEANT if is_first else ''}{phrase}" for phrase, is_first in phrases)]
    lines = [*_once(spoken), SPOKEN_END, *_once(beside)]
    return "\n" + "\n".join(lines) + "\n"


def _once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(line.lower() for line in lines if line))


def slips_of(term: str) -> tuple[str, ...]:
    """Return LIKE patterns for the term with one character too many, missing or wrong; none for a short one."""
    if len(term) < (4 if term.isascii() else 3):
        return ()
    found = []
    for at in range(len(term)):
        before, after = like(term[:at]), like(term[at + 1 :])
        found += [f"{before}{after}", f"{before}_{after}", f"{like(term[: at + 1])}_{after}"]
    return tuple(dict.fromkeys(found[:-1]))


def like(text: str) -> str:
    """Return the text as LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def grams_of(pattern: str) -> tuple[str, ...]:
    """Return what every text that contains the LIKE pattern must have: its pairs of neighbours, and lone characters.

    These are the entries of the index of the searched column (the SQL function `search_grams`).
    """
    found: list[str] = []
    run = ""
    for escaped, plain in [*_LETTER.findall(pattern), ("", "%")]:
        if not escaped and plain in "_%":
            found += [run[at : at + 2] for at in range(len(run) - 1)] or list(run)
            run = ""
        else:
            run += escaped or plain
    return tuple(dict.fromkeys(found))


def pieces_of(term: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters in what a sentence is about: 盖房子要什么手续 is 盖房, 房子."""
    for word in _AROUND:
        term = term.replace(word, " ")
    parts: Sequence[str] = term.split()
    return tuple(dict.fromkeys(part[at : at + 2] for part in parts for at in range(max(len(part) - 1, 1))))
