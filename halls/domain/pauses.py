"""Time that does not count (行政许可法 §45), in days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from halls.domain.errors import Invalid

SPECIAL_PROCEDURE: Final = "特别程序"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count: from the end of `start` to the end of `end` (None while it runs).

    `granted_until` is the last day that was approved; the days behind it count again.
    Raises Invalid when it ends before it starts.
    """

    start: date
    end: date | None = None
    granted_until: date | None = None
    name: str = SPECIAL_PROCEDURE

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise Invalid(
                "pause_ends_before_it_starts",
                f"暂停的结束日 {self.end} 早于开始日 {self.start}。",
                field="pause",
                cure="请核对暂停的起止日期。",
            )

    def runs(self, today: date | None) -> bool:
        """Return whether the clock stands still on that day; without a day, whether nobody ended it."""
        return self.end is None and (today is None or self.granted_until is None or today <= self.granted_until)

    def last(self, today: date | None) -> date | None:
        """Return the last day that does not count, or None while that is open."""
        if self.runs(today):
            return None
        return max(self.start, min(day for day in (self.end, self.granted_until) if day is not None))


class Still(NamedTuple):
    """A merged stretch of days that do not count, (start, end]; `end` is None while it runs."""

    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        return self.start < day and (self.end is None or day <= self.end)


def stills_of(pauses: Iterable[Pause], today: date | None) -> tuple[Still, ...]:
    """Return the days that do not count as ascending, disjoint stretches."""
    merged: list[Still] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        still = Still(pause.start, pause.last(today))
        if still.end == still.start:
            continue
        if not merged or (merged[-1].end is not None and merged[-1].end < still.start):
            merged.append(still)
            continue
        before = merged.pop()
        ends = None if before.end is None or still.end is None else max(before.end, still.end)
        merged.append(Still(before.start, ends))
    return tuple(merged)
