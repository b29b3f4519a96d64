"""Legal working time: when a limit ends, how much of it is used, how much is left.

Pure: every moment is told by the caller, and every day comes from a `WorkCalendar`. The rules:

* The day of the event does not count; the last day ends at 24:00 or at closing time (民法典 §201, §203).
* Limits of permits are working days (行政许可法 §82); months and years end on the corresponding day
  (民法典 §202); a calendar period that ends on a day off moves to the next working day (§203).
* Special procedures do not count (行政许可法 §45): the days in (start, end], and never beyond the days
  that were granted. A limit that was still running when it was paused is never over while the pause runs,
  nor at the moment it ends: paused on its last day, it ends with the day of resumption.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from halls.domain.budget import MONTHS, Budget, Unit, add_months
from halls.domain.calendar import LAST_YEAR, WorkCalendar
from halls.domain.errors import Invalid

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
END_OF_DAY: Final = time(23, 59, 59)
SPECIAL_PROCEDURE: Final = "特别程序"
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count: from the end of `start` to the end of `end` (None while it runs).

    `granted_until` is the last day that was approved: what lies behind it counts again.
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
        """Return whether the clock stands still on that day; without a day, whether no end is known."""
        return self.end is None and (today is None or self.granted_until is None or today <= self.granted_until)

    @property
    def last(self) -> date | None:
        """The last day that is not counted, if it is known."""
        known = [day for day in (self.end, self.granted_until) if day is not None]
        return max(min(known), self.start) if known else None


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends. Without a date while the clock stands still.

    `provisional`: a day that decided the result lies in a year that is not published.
    `counts_again_on`: the clock stands still, but granted days run out; from this day on it counts again
    although nobody resumed it, so ask again then.
    """

    due_at: datetime | None
    due_on: date | None
    provisional: bool
    counts_again_on: date | None = None

    def is_over(self, moment: datetime) -> bool:
        """Return whether the limit has passed. Due today is not over."""
        return self.due_at is not None and moment > self.due_at


@dataclass(frozen=True, slots=True)
class Still:
    """A merged stretch of days that do not count: (start, end]; end is None while it runs."""

    start: date
    end: date | None


def day_of(moment: datetime) -> date:
    """Return the day in Asia/Shanghai; raises TypeError for a naive moment, whose day nobody knows."""
    if moment.tzinfo is None:
        raise TypeError("A moment needs a time zone.")
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def due(
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
    closing: time = END_OF_DAY,
) -> Due:
    """Return when the limit ends that began to run at `start`.

    `moment` is the present. It only tells whether an open pause has outlived its granted days; without it
    an open pause is taken to be running. Raises Invalid for dates outside the calendar's range.
    """
    begun = day_of(start)
    today = day_of(moment) if moment is not None else None
    pauses = tuple(pauses)
    due_on = last_day(begun, legs_of(budget, extensions), calendar, still_days(pauses, today))
    if due_on is None:
        granted = [p.granted_until for p in pauses if p.runs(today)]
        ends = max((day for day in granted if day is not None), default=None)
        return Due(None, None, provisional=False, counts_again_on=None if None in granted or ends is None else ends + _ONE_DAY)
    provisional = not calendar.all_published(_first_day_needed(begun, due_on, budget, extensions), due_on)
    return Due(datetime.combine(due_on, closing, tzinfo=SHANGHAI), due_on, provisional)
