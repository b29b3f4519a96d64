"""The days of one clock: which count, which do not, why; and the figures, taken from the same course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from applications.domain.clock import ClockFacts, granted_until
from applications.domain.clock_statement import Day
from applications.domain.transitions import ClockKind
from halls.domain.budget import UNIT_LABELS, Budget, Unit
from halls.domain.statement import explain
from halls.domain.worktime import ONE_DAY, Pause, day_of, remaining, start_of, used
from halls.domain.year_source import YearSource
from halls.selectors.calendar_sources import sources_of
from halls.selectors.work_calendar import Moment

LONGEST_DELAY: Final = 31  # days behind the due day that are written out; the number of all of them is told anyway


class Course:
    """How one clock ran up to the moment, or to its stop. Nothing pauses a clock that is over."""

    def __init__(self, facts: ClockFacts, pauses: Sequence[Pause], due_at: datetime | None, moment: Moment) -> None:
        self.facts = facts
        self.calendar = moment.calendar
        self.due_at = due_at
        self.due_on = day_of(due_at) if due_at else None
        self.seen = facts.stopped_at or moment.at
        self.pauses = tuple(pauses)
        self.now = moment.at
        self.in_hours = facts.budget.unit is Unit.WORKING_HOUR
        # 公示 7 日 ends on its seventh day, be it a Sunday; every other limit where its due day says.
        is_publicity = facts.kind is ClockKind.SPECIAL and facts.budget.unit is Unit.CALENDAR_DAY
        self.publicity_ends = granted_until(facts.started_at, facts.budget, self.calendar) if is_publicity else None
        self._asked = self.seen
        if facts.is_paused and due_at is None:
            # Until somebody resumes it the clock has no due date, even when the granted days are over.
            self._asked = min(self.seen, _end_of_grant(self.pauses[-1]) or self.seen)

    @property
    def unit(self) -> Unit:
        """What used, left and over are told in: a publicity has days of the calendar, and nothing else."""
        if self.publicity_ends is not None:
            return Unit.CALENDAR_DAY
        return Unit.WORKING_HOUR if self.in_hours else Unit.WORKING_DAY

    @property
    def unit_label(self) -> str:
        return UNIT_LABELS[self.unit]

    @property
    def limit(self) -> int | None:
        """The whole limit in that unit; None for what nobody counts in it (months, calendar days of the law)."""
        budgets = (self.facts.budget, *self.facts.extensions)
        return sum(budget.amount for budget in budgets) if all(b.unit is self.unit for b in budgets) else None

    @property
    def is_at_once(self) -> bool:
        """A limit of no time at all: 即办件, the same day."""
        return not self.facts.budget.amount and not self.facts.extensions

    @property
    def is_over(self) -> bool:
        """Due today is not over; a second after the end is."""
        return self.due_at is not None and self.seen > self.due_at

    @property
    def used(self) -> int:
        return self.counted(self.seen)

    @property
    def over(self) -> int:
        """The time behind the end; less than one is one, as the light says."""
        return max(self._over_at(self.seen), 1) if self.is_over else 0

    @property
    def left(self) -> int:
        """The time left; while it is paused, what it will go on with."""
        if self.is_over:
            return 0
        facts = self.facts
        if self.publicity_ends is not None:
            return facts.budget.amount - self.used
        found = remaining(facts.started_at, self._asked, facts.budget, self.calendar, self.pauses, facts.extensions)
        return max(found, 0)

    @property
    def is_cut(self) -> bool:
        return self.is_over and self.due_on is not None and (day_of(self.seen) - self.due_on).days > LONGEST_DELAY

    def counted(self, moment: datetime) -> int:
        """Return what the clock had used at the end of this day (of a limit in hours: at this moment)."""
        moment = min(moment, self._asked)
        within = min(moment, self.due_at) if self.due_at else moment
        if self.publicity_ends is not None:
            count = max((min(day_of(within), self.publicity_ends) - day_of(self.facts.started_at)).days, 0)
        else:
            count = used(self.facts.started_at, within, self.calendar, self.pauses, unit=self.unit)
        return count + (self._over_at(moment) if self.due_at and moment > self.due_at else 0)

    def days(self) -> Iterator[Day]:
        """Yield every day from the one after the start to the due day, and those behind it that are over."""
        facts = self.facts
        found = explain(
            facts.started_at, facts.budget, self.calendar, self.pauses, facts.extensions, moment=self._asked
        )
        last = self.publicity_ends or found.due_on
        for row in found.rows:
            if last is not None and row.date > last:
                break
            reason = f"{row.reason}，最后一天" if row.date == self.publicity_ends else row.reason
            yield Day(row.date, row.counted, row.n, reason, row.provisional, self._part(row.date))
        if self.publicity_ends is not None:
            yield from self._days_to_conclude(self.publicity_ends)
        if self.due_on is not None and self.is_over:
            yield from self._days_over(self.due_on, day_of(self.seen))

    def years(self, days: Sequence[Day]) -> tuple[YearSource, ...]:
        """The notices behind the days, by year; one that is still to come has no version."""
        known = sources_of(self.calendar)
        years = {day_of(self.facts.started_at).year, *(day.date.year for day in days)}
        years |= {day.date.year + 1 for day in days if day.provisional and day.date.year in known}
        return tuple(known.get(year) or YearSource(year, "", "", None) for year in sorted(years))

    def _over_at(self, moment: datetime) -> int:
        assert self.due_at is not None
        if self.publicity_ends is not None:
            return (day_of(moment) - day_of(self.due_at)).days
        return used(self.due_at, moment, self.calendar, unit=self.unit)

    def _part(self, day: date) -> str:
        stopped = self.facts.stopped_at
        return "unused" if stopped is not None and day > day_of(stopped) else "limit"

    def _days_to_conclude(self, last: date) -> Iterator[Day]:
        """Behind the last day of a publicity: up to the working day on which the organ has to conclude it."""
        for row in explain(start_of(last), Budget(1), self.calendar).rows:
            reason = f"{row.reason}，程序已满，承办单位最晚这天办结" if row.counted else f"{row.reason}，程序已满"
            yield Day(row.date, row.counted, None, reason, row.provisional, self._part(row.date))

    def _days_over(self, due_on: date, through: date) -> Iterator[Day]:
        n = 0
        for after in range(1, min((through - due_on).days, LONGEST_DELAY) + 1):
            day = due_on + ONE_DAY * after
            counted = self.publicity_ends is not None or self.calendar.is_working(day)
            n += counted
            provisional = not self.calendar.is_settled(day)
            yield Day(day, counted, n if counted else None, self._why_over(day), provisional, "over")

    def _why_over(self, day: date) -> str:
        held = next((p for p in self.pauses if p.start < day and (p.end is None or day <= p.end)), None)
        why = self.calendar.why(day)
        return f"{why}（{held.name}在超期之后启动，超期照算）" if held and self.calendar.is_working(day) else why


def _end_of_grant(pause: Pause) -> datetime | None:
    return None if pause.granted_until is None else start_of(max(pause.granted_until, pause.start))
