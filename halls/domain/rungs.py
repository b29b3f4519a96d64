"""When the warnings and cards of a limit are reached: so much left, such a share used, so much over.

Each function takes the threshold first and then the facts of the limit, as `worktime.due` takes them, and returns a
moment; None while the clock stands still. A threshold is reached after its moment (a warning: with it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.course import (
    Course,
    Leg,
    advance,
    after_office_time,
    counted,
    legs_of,
    office_time,
    run,
    settle,
    sure,
)
from halls.domain.moments import NO_TIME, ONE_HOUR, day_of, end_of_day, moment_at, start_of
from halls.domain.pauses import Pause, Still, stills_of

HUNDRED: Final = 100


def warn_from(  # noqa: PLR0913 - the six facts of a limit and the threshold
    left: int,
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
) -> datetime | None:
    """Return when 'no more than `left` working days remain' begins to be true; None while paused.

    It is the first moment of the first counted day on which `remaining` is not above `left`. A limit never
    starts inside its own warning: the earliest is the first counted day (a limit of one day warns on
    that day). A limit of zero days warns at once. Of a limit in working hours a day is its office hours:
    see `warn_hours`.
    """
    course = _course(start, budget, calendar, pauses, extensions, moment)
    if course.due_on is None:
        return None
    if budget.unit is Unit.WORKING_HOUR:
        return _warn_time(calendar.hours.total * left, start, budget, calendar, course)
    begun = day_of(start)
    days = counted(begun, course.due_on, calendar, course.stills)
    if days == 0:
        return max(start, start_of(course.due_on))
    return start_of(_counted_day(begun, max(days - left, 1), calendar, course.stills))


def warn_hours(  # noqa: PLR0913 - the six facts of a limit and the threshold
    left: int,
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
) -> datetime | None:
    """Return when 'no more than `left` working hours remain' begins to be true; None while paused.

    For limits in every unit: one in days ends for this purpose when the office closes on its due day. A limit
    never starts inside its own warning unless nothing else is possible. One in days warns at the earliest when the
    office opens on its first counted day. Of one in hours, or one that ends on its own day, the first hour is
    without warning (the first half of what is shorter than two hours). Without any office time it warns at once.
    """
    course = _course(start, budget, calendar, pauses, extensions, moment)
    if course.due_on is None:
        return None
    return _warn_time(ONE_HOUR * left, start, budget, calendar, course)


def percent_from(  # noqa: PLR0913 - the six facts of a limit and the threshold
    percent: int,
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
) -> datetime | None:
    """Return the moment behind which more than `percent` % of the limit is used; None while paused.

    Of the N working days of the limit (extensions counted, pauses not) the share is N x percent / 100 days of office
    time. Whole days end with their last one, as a limit does. A part of a day more runs in the office hours of the
    day that follows: half of one day is reached on it, and not on the day on which the limit began. That moment is
    never behind the end of its day, nor of the limit. A day on which the clock was paused lasts to the end of the
    pause, and so does its part; the last day of the limit is the day on which it really ends.

    100 % is the end of the limit, so a limit of zero days has no earlier one. More than that is counted in whole
    days: 200 % is N working days over. Of a limit in working hours it is the exact moment.
    """
    course = _course(start, budget, calendar, pauses, extensions, moment)
    if course.due_on is None:
        return None
    if budget.unit is Unit.WORKING_HOUR:
        return _share_of_hours(percent, start, calendar, course)
    return _share_of_days(percent, start, calendar, course)


def over_from(  # noqa: PLR0913 - the six facts of a limit and the threshold
    excess: Budget,
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
) -> datetime | None:
    """Return the moment behind which the limit is over by more than `excess`; None while paused.

    `excess` is counted from the day on which the limit really ended (in working hours: from its last office time),
    and lasts to the end of its last day; a day on which the clock was paused lasts to the end of the pause.
    That is not the same as an extension, which adds up with the limit: paused on its last day over a weekend
    a limit ends on Monday, extended by a day too, but it is over by more than a day only after Tuesday.
    """
    course = _course(start, budget, calendar, pauses, extensions, moment)
    if course.due_on is None:
        return None
    (leg,) = legs_of((excess,))
    return _over(leg, calendar, course)


def _course(
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause],
    extensions: Sequence[Budget],
    moment: datetime | None,
) -> Course:
    today = day_of(moment) if moment is not None else None
    return run(start, (budget, *extensions), calendar, stills_of(pauses, today))


def _warn_time(
    left: timedelta, start: datetime, budget: Budget, calendar: WorkCalendar, course: Course
) -> datetime | None:
    begun, stills = day_of(start), course.stills
    by_days = budget.unit is not Unit.WORKING_HOUR and counted(begun, sure(course.due_on), calendar, stills) > 0
    here = moment_at(_counted_day(begun, 1, calendar, stills), calendar.hours.opening) if by_days else start
    total = max(office_time(here, course.office_end(calendar), calendar, stills), NO_TIME)
    before = max(total - left, NO_TIME if by_days else min(ONE_HOUR, total / 2))
    return after_office_time(here, before, calendar, stills) if before else here


def _share_of_hours(percent: int, start: datetime, calendar: WorkCalendar, course: Course) -> datetime | None:
    total = max(office_time(start, course.office_end(calendar), calendar, course.stills), NO_TIME)
    share = total * percent / HUNDRED
    if share == total:
        return course.due_at()
    if share > total:
        return after_office_time(course.office_end(calendar), share - total, calendar, course.stills)
    return after_office_time(start, share, calendar, course.stills)


def _share_of_days(percent: int, start: datetime, calendar: WorkCalendar, course: Course) -> datetime | None:
    begun, due_on, stills = day_of(start), sure(course.due_on), course.stills
    days = counted(begun, due_on, calendar, stills)
    whole, rest = divmod(days * percent, HUNDRED)
    if whole >= days:
        return _over(Leg(Unit.WORKING_DAY, whole - days), calendar, course)
    if not rest:
        day = _counted_day(begun, whole, calendar, stills)
        return max(start, end_of_day(sure(_with_pause(day, stills))))
    day, ends = due_on, course.due_at()
    if whole + 1 < days:
        day = sure(_with_pause(_counted_day(begun, whole + 1, calendar, stills), stills))
        ends = end_of_day(day)
    if not calendar.is_working(day):
        return ends  # the pause ended on a day off, on which no office time runs
    return min(ends, moment_at(day, calendar.hours.when(calendar.hours.total * rest / HUNDRED)))


def _over(leg: Leg, calendar: WorkCalendar, course: Course) -> datetime | None:
    if leg.amount == 0:
        return course.due_at()
    if leg.unit is Unit.WORKING_HOUR:
        return after_office_time(course.office_end(calendar), ONE_HOUR * leg.amount, calendar, course.stills)
    reached = advance(sure(course.due_on), leg, calendar, course.stills)
    if reached is not None and leg.unit is not Unit.WORKING_DAY:
        reached = settle(reached, calendar, course.stills)
    day = _with_pause(reached, course.stills) if reached is not None else None
    return end_of_day(day) if day is not None else None


def _with_pause(day: date, stills: tuple[Still, ...]) -> date | None:
    """Return the day, or the end of the pause that began on it or holds it; None while that runs.

    The next day that counts comes behind it, so nothing more is used or over before.
    """
    still = next((still for still in stills if still.start == day or still.holds(day)), None)
    return day if still is None else still.end


def _counted_day(begun: date, number: int, calendar: WorkCalendar, stills: tuple[Still, ...]) -> date:
    """Return the day on which so many working days of the limit are used; 0 is the day on which it began."""
    return sure(advance(begun, Leg(Unit.WORKING_DAY, number), calendar, stills))
