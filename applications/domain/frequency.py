"""How often a hall is asked for a matter (高频、低频、常年无办件), from its own figures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Frequency(StrEnum):
    HIGH = "high"
    LOW = "low"
    NEVER = "never"


FREQUENCY_LABELS: dict[Frequency, str] = {
    Frequency.HIGH: "高频",
    Frequency.LOW: "低频",
    Frequency.NEVER: "常年无办件",
}
SHARE_PERCENT = 80  # the fewest matters that make up so much of a year's cases are 高频
FEWEST = 12  # and at least one a month


def frequencies(counts: Mapping[str, int]) -> dict[str, Frequency]:
    """Return the class of every matter by its cases of the last twelve months.

    Of matters asked for equally often either all are 高频 or none is.
    """
    total, reached = sum(counts.values()), 0
    found = {code: Frequency.NEVER if not count else Frequency.LOW for code, count in counts.items()}
    for count in sorted({count for count in counts.values() if count >= FEWEST}, reverse=True):
        if reached * 100 >= total * SHARE_PERCENT:
            break
        for code, times in counts.items():
            if times == count:
                found[code] = Frequency.HIGH
                reached += times
    return found
