"""The course of a limit: leg after leg over the days of the calendar, with the stretches that do not count.

The mechanics behind `worktime` (what a limit is) and `rungs` (when its thresholds are reached). A leg ends on a
day; one in working hours also at a time of that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from halls.domain.budget import MONTHS, Budget, Unit, add_months, day_at
from halls.domain.calendar import WorkCalendar
from halls.domain.moments import END_OF_DAY, NO_TIME, ONE_DAY, ONE_HOUR, local, moment_at
from halls.domain.pauses import Still


class Leg(NamedTuple):
    """One stretch of a limit in one unit: the base, or an extension in another unit. Years are months."""

    unit: Unit
    amount: int


class Stretch(NamedTuple):
    """The days of one leg, (after, last]; `last` is None when the clock stands still within it.

    A leg in working hours that begins the limit also runs on the day `after` itself; it ends at `until`.
    """

    leg: Leg
    after: date
    last: date | None
    until: time | None = None

    def first_deciding(self) -> date:
        """Return the first day whose calendar decides where the leg ends."""
        if self.leg.unit is Unit.WORKING_HOUR:
            return self.after
        if self.leg.unit is Unit.WORKING_DAY and self.leg.amount > 0:
            return self.after + ONE_DAY
        return sure(self.last)


class Course(NamedTuple):
    """How a limit runs: leg after leg, each from the day on which the one before really ended.

    `until` is the time of the due day at which a limit in working hours ends; None means: with the day.
    """

    stretches: tuple[Stretch, ...]
    stills: tuple[Still, ...]
    due_on: date | None
    until: time | None = None

    def due_at(self) -> datetime:
        """Return the moment at which the limit ends. Raises RuntimeError while it stands still."""
        return moment_at(sure(self.due_on), END_OF_DAY if self.until is None else self.until)

    def office_end(self, calendar: WorkCalendar) -> datetime:
        """Return when the last office time of the limit is over: a day ends with its office hours here."""
        return moment_at(sure(self.due_on), calendar.hours.closing if self.until is None else self.until)

    def is_provisional(self, calendar: WorkCalendar) -> bool:
        """Return whether a notice that is still to come may move the end.

        Working time leans on the calendar all along; of a calendar period only its end does.
        """
        due_on = sure(self.due_on)
        if calendar.all_settled(self.stretches[0].after, due_on):
            return False
        ends = [*(stretch.after for stretch in self.stretches[1:]), due_on]
        for stretch, end in zip(self.stretches, ends, strict=True):
            if not calendar.all_settled(stretch.first_deciding(), end):
                return True
        return False


def run(start: datetime, budgets: Sequence[Budget], calendar: WorkCalendar, stills: tuple[Still, ...]) -> Course:
    """Return the course of the base budget and its extensions, one after the other."""
    begun = local(start)
    stretches: list[Stretch] = []
    reached, until = begun.date(), None
    for leg in legs_of(budgets):
        after = settle(reached, calendar, stills) if stretches else reached
        if after is None:
            return Course(tuple(stretches), stills, None)
        if leg.unit is Unit.WORKING_HOUR:
            here = moment_at(after, calendar.hours.closing) if stretches else begun
            ends_at = after_office_time(here, ONE_HOUR * leg.amount, calendar, stills)
            last, until = (ends_at.date(), ends_at.time()) if ends_at is not None else (None, None)
        else:
            last, until = advance(after, leg, calendar, stills), None
        stretches.append(Stretch(leg, after, last, until))
        if last is None:
            return Course(tuple(stretches), stills, None)
        reached = last
    ends = settle(reached, calendar, stills)
    if ends != reached and until is not None:
        until = calendar.hours.closing
    return Course(tuple(stretches), stills, ends, until)


def legs_of(budgets: Sequence[Budget]) -> list[Leg]:
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


def advance(position: date, leg: Leg, calendar: WorkCalendar, stills: tuple[Still, ...]) -> date | None:
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


def settle(day: date, calendar: WorkCalendar, stills: tuple[Still, ...]) -> date | None:
    """Return the day the limit really ends: no day off (民法典 §203), and not while it stands still."""
    while True:
        ends = calendar.next_working(day)
        held = next((s for s in stills if s.start <= ends and (s.end is None or s.end > day)), None)
        if held is None:
            return ends
        if held.end is None:
            return None
        day = held.end


def counted(after: date, through: date, calendar: WorkCalendar, stills: tuple[Still, ...]) -> int:
    """Return the working days in (after, through] that count; negative when `through` lies before."""
    if through < after:
        return -counted(through, after, calendar, stills)
    days = calendar.working_between(after, through)
    for still in stills:
        first, last = max(after, still.start), through if still.end is None else min(through, still.end)
        if first < last:
            days -= calendar.working_between(first, last)
    return days


# Office time


def after_office_time(
    start: datetime, amount: timedelta, calendar: WorkCalendar, stills: tuple[Still, ...]
) -> datetime | None:
    """Return the moment at which so much office time has passed since `start`; None when it stands still before.

    The clock runs from the moment itself (民法典 §201 ¶2); outside office hours it waits for the next opening.
    No amount at all ends with the first moment the office is open.
    """
    here, hours = local(start), calendar.hours
    opens = hours.next_open(here.time()) if _counts(here.date(), calendar, stills) else None
    if opens is not None and not amount:
        return moment_at(here.date(), opens)
    needed = amount + (hours.worked(opens) if opens is not None else hours.total)
    # What is needed to the last minute of a day ends with its closing, not with the next opening.
    days = -(needed // -hours.total) - 1 if amount else 1
    last = advance(here.date(), Leg(Unit.WORKING_DAY, days), calendar, stills)
    return moment_at(last, hours.when(needed - hours.total * days)) if last is not None else None


def office_time(after: datetime, through: datetime, calendar: WorkCalendar, stills: tuple[Still, ...]) -> timedelta:
    """Return the office time that counts between two moments; negative when `through` lies before."""
    first, last = local(after), local(through)
    days = counted(first.date(), last.date(), calendar, stills)
    return calendar.hours.total * days + _ahead(first, calendar, stills) - _ahead(last, calendar, stills)


def _ahead(moment: datetime, calendar: WorkCalendar, stills: tuple[Still, ...]) -> timedelta:
    """Return the office time of the day that is still ahead at this moment."""
    if not _counts(moment.date(), calendar, stills):
        return NO_TIME
    return calendar.hours.total - calendar.hours.worked(moment.time())


def _counts(day: date, calendar: WorkCalendar, stills: tuple[Still, ...]) -> bool:
    return calendar.is_working(day) and not any(still.holds(day) for still in stills)


def sure(day: date | None) -> date:
    if day is None:
        raise RuntimeError("A clock without an open pause always ends.")
    return day
