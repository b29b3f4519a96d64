"""Office hours: the spans of a working day in which limits in working hours run.

They are the hours of the organ that has to act (法定工作时间), the same on every working day of the legal calendar.
A hall that is open longer or on a market day (延时服务, 赶场日) changes nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from halls.domain.errors import Invalid
from halls.domain.moments import NO_TIME

Span = tuple[time, time]
USUAL_SPANS: Final[tuple[Span, ...]] = ((time(8, 30), time(12)), (time(14), time(17, 30)))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans (opening, closing) of a working day, ascending. Raises Invalid when they overlap or are empty."""

    spans: tuple[Span, ...] = USUAL_SPANS

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", tuple((opens, closes) for opens, closes in self.spans))
        edges = [edge for span in self.spans for edge in span]
        rising = all(early < late for early, late in pairwise(edges))
        if not edges or not rising:
            raise Invalid(
                "office_hours_not_in_order",
                "办公时间应至少有一段，各段由早到晚、互不重叠。",
                field="hours",
                cure="请按“08:30-12:00, 14:00-17:30”的样式填写。",
            )

    @property
    def opening(self) -> time:
        return self.spans[0][0]

    @property
    def closing(self) -> time:
        return self.spans[-1][1]

    @property
    def total(self) -> timedelta:
        """The office time of a whole day."""
        return sum((_length(span) for span in self.spans), NO_TIME)

    def worked(self, at: time) -> timedelta:
        """Return the office time of a working day that has passed at this time of day."""
        return sum((_length((opens, min(closes, at))) for opens, closes in self.spans if opens < at), NO_TIME)

    def when(self, worked: timedelta) -> time:
        """Return the first time of day at which so much has been worked: the end of a span, not the next opening."""
        for opens, closes in self.spans:
            length = _length((opens, closes))
            if worked <= length:
                return _after(opens, worked)
            worked -= length
        raise ValueError("A day has no more office time than its spans.")

    def next_open(self, at: time) -> time | None:
        """Return this time of day when the office is open, else its next opening; None when it has closed."""
        return next((max(opens, at) for opens, closes in self.spans if at < closes), None)


_ANY_DAY: Final = date(2000, 1, 1)


def _length(span: Span) -> timedelta:
    return datetime.combine(_ANY_DAY, span[1]) - datetime.combine(_ANY_DAY, span[0])


def _after(opens: time, worked: timedelta) -> time:
    return (datetime.combine(_ANY_DAY, opens) + worked).time()


USUAL_HOURS: Final = OfficeHours()
