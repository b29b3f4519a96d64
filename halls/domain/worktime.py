"""Legal working time: when a limit ends, how much of it is used, how much is left.

Pure: every moment is told by the caller, and every day comes from a `WorkCalendar`. The rules:

* The day of the event does not count; the last day ends at 24:00 or at closing time (民法典 §201, §203).
* Limits of permits are working days (行政许可法 §82); months and years end on the corresponding day
  (民法典 §202); a calendar period that ends on a day off moves to the next working day (§203).
* Extensions in the unit of the limit add up with it; one in another unit follows the day on which it ended.
* Special procedures do not count (行政许可法 §45): the days in (start, end], and never beyond the days
  that were granted.
* A limit that was running when it was paused is not over while the pause runs, nor at the moment it ends:
  paused on its last day, it ends with the day of resumption.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from halls.domain.budget import MONTHS, Budget, Unit, add_months, day_at
from halls.domain.calendar import WorkCalendar
from halls.domain.errors import Invalid

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SPECIAL_PROCEDURE: Final = "特别程序"
ONE_DAY: Final = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends; without a date while the clock stands still.

    `provisional`: a day that decided the result lies in a year that is not published.
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


class Still(NamedTuple):
    """A merged stretch of days that do not count, (start, end]; `end` is None while it runs."""

    start: date
    end: date | None


class Leg(NamedTuple):
    """One stretch of a limit in one unit: the base, or an extension in another unit. Years are months."""

    unit: Unit
    amount: int


class Stretch(NamedTuple):
    """The days of one leg, (after, last]; `last` is None when the clock stands still within it."""

    leg: Leg
    after: date
    last: date | None


class Course(NamedTuple):
    """How a limit runs: leg after leg, each from the day on which the one before really ended."""

    stretches: tuple[Stretch, ...]
    stills: tuple[Still, ...]
    due_on: date | None


def day_of(moment: datetime) -> date:
    """Return the day in Asia/Shanghai. Raises TypeError for a naive moment, whose day nobody knows."""
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
) -> Due:
    """Return when the limit ends that began to run at `start`.

    `moment` is the present. It only tells whether an open pause has outlived its granted days; without it
    an open pause is taken to be running. Raises Invalid for dates outside the calendar's range.
    """
    pauses, today = tuple(pauses), day_of(moment) if moment is not None else None
    course = run(day_of(start), (budget, *extensions), calendar, stills_of(pauses, today))
    if course.due_on is None:
        return Due(None, None, counts_again_on=_counts_again_on(pauses, today))
    due_at = datetime.combine(course.due_on, calendar.closing, tzinfo=SHANGHAI)
    return Due(due_at, course.due_on, _is_provisional(course, course.due_on, calendar))


def used(start: datetime, moment: datetime, calendar: WorkCalendar, pauses: Iterable[Pause] = ()) -> int:
    """Return the working days used up to and including the day of `moment`."""
    today = day_of(moment)
    begun = day_of(start)
    return _counted(begun, max(begun, today), calendar, stills_of(pauses, today))


def remaining(
    start: datetime,
    moment: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
) -> int:
    """Return the working days left after the day of `moment`: 0 on the last day, negative when over.

    While a pause runs the number stands still.
    """
    begun, today = day_of(start), max(day_of(start), day_of(moment))
    stills = stills_of(pauses, today)
    course = run(begun, (budget, *extensions), calendar, stills)
    if course.due_on is None:
        running = next(still for still in stills if still.end is None)
        stills = tuple(still for still in stills if still.end is not None)
        course = run(begun, (budget, *extensions), calendar, stills)
        today = max(begun, min(today, running.start))
    return _counted(today, _sure(course.due_on), calendar, stills)


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
    that day). A limit of zero days warns at once.
    """
    begun, today = day_of(start), day_of(moment) if moment is not None else None
    course = run(begun, (budget, *extensions), calendar, stills_of(pauses, today))
    if course.due_on is None:
        return None
    days = _counted(begun, course.due_on, calendar, course.stills)
    if days == 0:
        return max(start, start_of(course.due_on))
    first = _advance(begun, Leg(Unit.WORKING_DAY, max(days - left, 1)), calendar, course.stills)
    return start_of(_sure(first))


# The parts that a statement needs too


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


def run(begun: date, budgets: Sequence[Budget], calendar: WorkCalendar, stills: tuple[Still, ...]) -> Course:
    """Return the course of the base budget and its extensions, one after the other."""
    stretches: list[Stretch] = []
    reached = begun
    for leg in _legs(budgets):
        after = _settle(reached, calendar, stills) if stretches else begun
        last = _advance(after, leg, calendar, stills) if after is not None else None
        if after is not None:
            stretches.append(Stretch(leg, after, last))
        if last is None:
            return Course(tuple(stretches), stills, None)
        reached = last
    return Course(tuple(stretches), stills, _settle(reached, calendar, stills))


def _is_provisional(course: Course, due_on: date, calendar: WorkCalendar) -> bool:
    """Return whether a day that decided the course lies in a year that is not published.

    Working days decide all along; of a calendar period only its end leans on the calendar.
    """
    if calendar.all_published(course.stretches[0].after, due_on):
        return False
    ends = [*(stretch.after for stretch in course.stretches[1:]), due_on]
    for stretch, end in zip(course.stretches, ends, strict=True):
        by_number = stretch.leg.unit is Unit.WORKING_DAY and stretch.leg.amount > 0
        first = stretch.after + ONE_DAY if by_number else _sure(stretch.last)
        if not calendar.all_published(first, end):
            return True
    return False


def _legs(budgets: Sequence[Budget]) -> list[Leg]:
    """Add up neighbours of one unit, so that 1 month and 1 month from 31 January end on 31 March."""
    legs: list[Leg] = []
    for budget in budgets:
        if legs and budget.amount == 0:
            continue
        months = budget.unit is Unit.YEAR
        leg = Leg(Unit.MONTH, budget.amount * MONTHS) if months else Leg(budget.unit, budget.amount)
        if legs and legs[-1].unit is leg.unit:
            leg = Leg(leg.unit, legs.pop().amount + leg.amount)
        legs.append(leg)
    return legs


def _advance(position: date, leg: Leg, calendar: WorkCalendar, stills: tuple[Still, ...]) -> date | None:
    """Return the day on which the leg is used up; None when the clock stands still before that."""
    if leg.amount == 0:
        return position
    by_number = leg.unit is Unit.WORKING_DAY
    amount = (add_months(position, leg.amount) - position).days if leg.unit is Unit.MONTH else leg.amount
    here = calendar.number(position) if by_number else position.toordinal()
    reached = _at(here + amount, calendar, by_number=by_number)
    for still in stills:
        if still.end is not None and still.end <= position:
            continue
        if reached <= still.start:
            break
        if still.end is None:
            return None
        from_day = max(still.start, position)
        lost = calendar.working_between(from_day, still.end) if by_number else (still.end - from_day).days
        amount += lost
        reached = _at(here + amount, calendar, by_number=by_number)
    return reached


def _at(number: int, calendar: WorkCalendar, *, by_number: bool) -> date:
    return calendar.numbered(number) if by_number else day_at(number)


def _settle(day: date, calendar: WorkCalendar, stills: tuple[Still, ...]) -> date | None:
    """Return the day the limit really ends: no day off (民法典 §203), and not while it stands still."""
    while True:
        ends = calendar.next_working(day)
        held = next((s for s in stills if s.start <= ends and (s.end is None or s.end > day)), None)
        if held is None:
            return ends
        if held.end is None:
            return None
        day = held.end


def _counted(after: date, through: date, calendar: WorkCalendar, stills: tuple[Still, ...]) -> int:
    """Return the working days in (after, through] that count; negative when `through` lies before."""
    if through < after:
        return -_counted(through, after, calendar, stills)
    days = calendar.working_between(after, through)
    for still in stills:
        first, last = max(after, still.start), through if still.end is None else min(through, still.end)
        if first < last:
            days -= calendar.working_between(first, last)
    return days


def _sure(day: date | None) -> date:
    if day is None:
        raise RuntimeError("A clock without an open pause always ends.")
    return day


def _counts_again_on(pauses: Sequence[Pause], today: date | None) -> date | None:
    granted = [pause.granted_until for pause in pauses if pause.runs(today)]
    days = [day for day in granted if day is not None]
    return max(days) + ONE_DAY if len(days) == len(granted) else None
