"""What keeps opening times from being published: each fault with its line and its cure. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from halls.domain.errors import Invalid, Problem
from halls.domain.openings import WEEKDAYS, Opening

MOST_LINES: Final = 60  # every weekday morning and afternoon, with market days and long evenings, makes 24
_BETWEEN: Final = re.compile(r"[\s、,.;/逢]+")
_CHINESE: Final = str.maketrans("一二三四五六七八九十〇零", "123456789000")
_DIGITS_CURE: Final = "请填公历日的尾数，如 2、5、8；逢十填 0。"


def read_digits(text: str) -> str:
    """Return 逢几 as people write it (2、5、8; 二五八; 逢五、逢十; 5、10) as last digits: 258, 50.

    Raises Invalid (`bad_digits`): something else, one of them twice, or a 10 or 15 that may be one day or two.
    """
    parts = [part for part in _BETWEEN.split(unicodedata.normalize("NFKC", text).replace("。", ".")) if part]
    for part in parts:
        if _is_unclear(part, alone=len(parts) == 1):
            raise Invalid(
                "bad_digits",
                f"“{part}”看不出是哪几天。",
                field="digits",
                cure="请填公历日的尾数，用顿号隔开，如 2、5、8；逢十填 0，逢一和逢十填 1、0。",
            )
    digits = "".join("0" if part == "10" else part.translate(_CHINESE) for part in parts)
    if why := _why_no_digits(digits):
        raise Invalid("bad_digits", why, field="digits", cure=_DIGITS_CURE)
    return digits


def _is_unclear(part: str, *, alone: bool) -> bool:
    if alone:
        return "10" in part or (len(part) > 1 and "十" in part)
    return len(part) > 1 and part != "10"


def problems_of(lines: Sequence[Opening]) -> list[Problem]:
    """Return what is wrong with a set of lines; a fault of the line n is at `openings.n.` and its part."""
    if len(lines) > MOST_LINES:
        message = f"开放时间太多：一天算一条，最多 {MOST_LINES} 条，现在有 {len(lines)} 条。"
        return [Problem("openings", message, "请把时间相同的日子合在一行，删去多余的。")]
    found = [problem for number, line in enumerate(lines) for problem in _of_line(number, line)]
    return found or _overlaps(lines)


def _of_line(number: int, line: Opening) -> list[Problem]:
    place, found = f"openings.{number}.", []
    if line.weekday is None and not line.digits:
        found.append(Problem(f"{place}weekdays", "没有选星期，也没有填逢几。", "请选星期几，或填逢几。"))
    elif line.weekday is not None and (line.digits or not 1 <= line.weekday <= 7):
        found.append(
            Problem(f"{place}weekdays", "没有这样的星期。", "星期从 1（周一）到 7（周日），不和逢几合在一条里。")
        )
    elif line.digits and (why := _why_no_digits(line.digits)):
        found.append(Problem(f"{place}digits", why, _DIGITS_CURE))
    if line.opens >= line.closes:
        hours = f"{line.opens:%H:%M} 到 {line.closes:%H:%M}"
        found.append(Problem(f"{place}closes", f"{hours}：关门不晚于开门。", "请核对；过午夜的最晚填 23:59。"))
    return found


def _why_no_digits(digits: str) -> str:
    if not (digits.isascii() and digits.isdigit()):
        return "逢几只能是 0 到 9 的数字。"
    twice = next((digit for digit in digits if digits.count(digit) > 1), "")
    return f"逢几里的 {twice} 写了两遍。" if twice else ""


def _overlaps(lines: Sequence[Opening]) -> list[Problem]:
    """Two lines of one weekday, or of one digit, at the same time; a market on a weekday contradicts nobody."""
    found: dict[str, tuple[int, list[str]]] = {}
    for (_, one), (number, other) in combinations(enumerate(lines), 2):
        days = _same_days(one, other)
        if days and one.opens < other.closes and other.opens < one.closes:
            hours = f"{one.opens:%H:%M}-{one.closes:%H:%M} 和 {other.opens:%H:%M}-{other.closes:%H:%M}"
            found.setdefault(hours, (number, []))[1].append(days)
    return [
        Problem(f"openings.{number}.opens", f"{'、'.join(days)}的 {hours} 重叠。", "请改时间，或删去一行。")
        for hours, (number, days) in found.items()
    ]


def _same_days(one: Opening, other: Opening) -> str:
    if one.weekday is not None:
        return f"周{WEEKDAYS[one.weekday - 1]}" if one.weekday == other.weekday else ""
    shared = sorted(set(one.digits) & set(other.digits))
    return f"逢{'、'.join(shared)}" if shared else ""
