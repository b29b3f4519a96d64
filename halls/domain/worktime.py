"""Legal working time: when a limit ends, how much of it is used, how much is left.

Pure: every moment is told by the caller, and every day comes from a `WorkCalendar`. The rules:

* The day of the event does not count; the last day ends at 24:00 (民法典 §201, §203).
* Limits of permits are working days (行政许可法 §82); months and years end on the corresponding day
  (民法典 §202); a calendar period that ends on a day off moves to the next working day (§203).
* Limits in working hours run from the moment itself (民法典 §201 ¶2), in the office hours of working days
  (`WorkCalendar.hours`), and end at an exact moment; one that begins outside office hours waits for the opening.
* Extensions in the unit of the limit add up with it; one in another unit follows the day on which it ended.
* Special procedures do not count (行政许可法 §45): the days in (start, end], and never beyond the days
  that were granted. They are whole days for every unit: of the day on which one begins the hours count,
  of the day on which it ends they do not.
* A limit that was running when it was paused is not over while the pause runs, nor at the moment it ends:
  paused on its last day, it ends with the day of resumption (one in working hours: when the office closes).

When warnings and cards are reached: `halls.domain.rungs`, whose functions may be imported from here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.course import counted, office_time, run, sure
from halls.domain.moments import NO_TIME, ONE_DAY, ONE_HOUR, SHANGHAI, day_of, moment_at, start_of
from halls.domain.pauses import SPECIAL_PROCEDURE, Pause, stills_of
from halls.domain.rungs import over_from, percent_from, warn_from, warn_hours

__all__ = [
    "ONE_DAY",
    "SHANGHAI",
    "SPECIAL_PROCEDURE",
    "Due",
    "Pause",
    "day_of",
    "due",
    "over_from",
    "percent_from",
    "remaining",
    "start_of",
    "time_left",
    "time_used",
    "used",
    "warn_from",
    "warn_hours",
]


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends; without a date while the clock stands still.

    `provisional`: a day that decided the result may yet be moved by a notice that is not published.
    `counts_again_on`: the clock stands still, but its granted days run out. From this day on it counts
    again although nobody resumed it: ask again then.
    """

    due_at: datetime | None
    due_on: date | None
    provisional: bool = False
    counts_again_on: date | None = None

    def is_over(self, moment: datetime) -> bool:
        """Return whether the limit has passed. Due today is not over."""
        return self.due_at is not None and moment > self.due_at


def due(
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
) -> Due:
    """Return when the limit ends that began to run at `start`.

    `moment` is the present. It only tells whether an open pause has outlived its granted days; without it
    an open pause is taken to be running. Raises Invalid for dates outside the calendar's range.
    """
    pauses, today = tuple(pauses), day_of(moment) if moment is not None else None
    course = run(start, (budget, *extensions), calendar, stills_of(pauses, today))
    if course.due_on is None:
        return Due(None, None, counts_again_on=_counts_again_on(pauses, today))
    return Due(course.due_at(), course.due_on, course.is_provisional(calendar))


def used(
    start: datetime,
    moment: datetime,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    *,
    unit: Unit = Unit.WORKING_DAY,
) -> int:
    """Return the working days used up to and including the day of `moment`.

    With the unit WORKING_HOUR the working hours that have begun: a second into the third hour is three.
    """
    if unit is Unit.WORKING_HOUR:
        return -(time_used(start, moment, calendar, pauses) // -ONE_HOUR)
    today = day_of(moment)
    begun = day_of(start)
    return counted(begun, max(begun, today), calendar, stills_of(pauses, today))


def remaining(
    start: datetime,
    moment: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
) -> int:
    """Return the working days left after the day of `moment`: 0 on the last day, negative when over.

    Of a limit in working hours the whole hours left: 0 in the last one, negative when office time has passed
    behind the end. While a pause runs the number stands still.
    """
    if budget.unit is Unit.WORKING_HOUR:
        return time_left(start, moment, budget, calendar, pauses, extensions) // ONE_HOUR
    begun, today = day_of(start), max(day_of(start), day_of(moment))
    stills = stills_of(pauses, today)
    course = run(start, (budget, *extensions), calendar, stills)
    if course.due_on is None:
        running = next(still for still in stills if still.end is None)
        stills = tuple(still for still in stills if still.end is not None)
        course = run(start, (budget, *extensions), calendar, stills)
        today = max(begun, min(today, running.start))
    return counted(today, sure(course.due_on), calendar, stills)


def time_used(start: datetime, moment: datetime, calendar: WorkCalendar, pauses: Iterable[Pause] = ()) -> timedelta:
    """Return the office time used between `start` and `moment`, whatever the unit of the limit."""
    if moment < start:
        return NO_TIME
    return office_time(start, moment, calendar, stills_of(pauses, day_of(moment)))


def time_left(
    start: datetime,
    moment: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
) -> timedelta:
    """Return the office time left at `moment`, whatever the unit of the limit; negative when over.

    A limit in days ends for this purpose when the office closes on its due day. While a pause runs the time
    stands still, where it stood at the end of the day on which the pause began.
    """
    now = max(start, moment)
    stills = stills_of(pauses, day_of(now))
    course = run(start, (budget, *extensions), calendar, stills)
    if course.due_on is None:
        running = next(still for still in stills if still.end is None)
        stills = tuple(still for still in stills if still.end is not None)
        course = run(start, (budget, *extensions), calendar, stills)
        now = max(start, min(now, moment_at(running.start, calendar.hours.closing)))
    return office_time(now, course.office_end(calendar), calendar, stills)


def _counts_again_on(pauses: Sequence[Pause], today: date | None) -> date | None:
    granted = [pause.granted_until for pause in pauses if pause.runs(today)]
    days = [day for day in granted if day is not None]
    return max(days) + ONE_DAY if len(days) == len(granted) else None
