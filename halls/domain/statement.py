"""The clock statement (时限说明单): every day of a limit, counted with its number or skipped with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.course import Course, Leg, run
from halls.domain.moments import ONE_DAY, day_of
from halls.domain.pauses import Pause, stills_of
from halls.domain.worktime import Due, due


@dataclass(frozen=True, slots=True)
class Row:
    """One day. `n` is its number in the limit when it counts, else None."""

    date: date
    counted: bool
    n: int | None
    reason: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A limit explained. `rows` run from the day after the event to the due day (to today, while paused)."""

    start_on: date
    budget: Budget
    extensions: tuple[Budget, ...]
    due: Due
    rows: tuple[Row, ...]

    @property
    def due_on(self) -> date | None:
        return self.due.due_on

    @property
    def provisional(self) -> bool:
        return self.due.provisional


def explain(
    start: datetime,
    budget: Budget,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Budget] = (),
    *,
    moment: datetime | None = None,
) -> Statement:
    """Return the statement of the limit that `due`, with the same arguments, puts a date on."""
    pauses, extensions = tuple(pauses), tuple(extensions)
    today = day_of(moment) if moment is not None else None
    begun = day_of(start)
    course = run(start, (budget, *extensions), calendar, stills_of(pauses, today))
    last = course.due_on or _last_known(begun, pauses, today)
    base_ends = run(start, (budget,), calendar, course.stills).stretches[-1].last if extensions else None
    return Statement(
        start_on=begun,
        budget=budget,
        extensions=extensions,
        due=due(start, budget, calendar, pauses, extensions, moment=moment),
        rows=tuple(_Book(course, calendar, pauses, today).rows(begun + ONE_DAY, last, base_ends)),
    )


def _last_known(begun: date, pauses: Sequence[Pause], today: date | None) -> date:
    """Return where the statement of a standing clock stops: today, or where it came to stand."""
    return max(begun, today or max(pause.start for pause in pauses if pause.runs(today)))


class _Book:
    """Writes the rows of one course, day by day, from what each day is (not from where the course ends)."""

    def __init__(self, course: Course, calendar: WorkCalendar, pauses: Sequence[Pause], today: date | None) -> None:
        self._course = course
        self._calendar = calendar
        self._pauses = [(pause, pause.last(today)) for pause in sorted(pauses, key=lambda pause: pause.start)]

    def rows(self, first: date, last: date, base_ends: date | None) -> Iterator[Row]:
        n = 0
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            skipped = self._skipped(day)
            provisional = not self._calendar.is_settled(day)
            if skipped is not None:
                yield Row(day, counted=False, n=None, reason=skipped, provisional=provisional)
                continue
            n += 1
            notes = self._notes(day, extended=base_ends is not None and day > base_ends)
            yield Row(day, counted=True, n=n, reason=self._kind(day) + notes, provisional=provisional)

    def _leg(self, day: date) -> Leg | None:
        """Return the leg the day belongs to; None between and behind them, where an end moves to a working day."""
        for stretch in self._course.stretches:
            if stretch.after < day and (stretch.last is None or day <= stretch.last):
                return stretch.leg
        return None

    def _skipped(self, day: date) -> str | None:
        """Return why the day does not count, or None when it does."""
        leg, working = self._leg(day), self._calendar.is_working(day)
        by_working_days = leg is None or leg.unit is Unit.WORKING_DAY
        if by_working_days and not working:
            return self._calendar.why(day)
        for pause, last in self._pauses:
            if pause.start < day and (last is None or day <= last):
                return _paused(pause, last)
        return "期满顺延至本日" if leg is None else None

    def _kind(self, day: date) -> str:
        leg = self._leg(day)
        return self._calendar.why(day) if leg is not None and leg.unit is Unit.WORKING_DAY else "自然日"

    def _notes(self, day: date, *, extended: bool) -> str:
        notes = ["延长期限"] if extended else []
        for pause, last in self._pauses:
            if last is not None and last < day and (pause.end is None or day <= pause.end):
                notes.append(f"{pause.name}超过批准期限，照常计入")
        return f"（{'；'.join(notes)}）" if notes else ""


def _paused(pause: Pause, last: date | None) -> str:
    return f"{pause.name}（{pause.start} 起）" if last is None else f"{pause.name}（{pause.start} 至 {last}）"
