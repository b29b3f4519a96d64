"""The clock statement (时限说明单): every day of a limit, counted with its number or skipped with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.course import Course, Stretch, office_time, run
from halls.domain.moments import NO_TIME, ONE_DAY, day_of, moment_at, start_of
from halls.domain.pauses import Pause, stills_of
from halls.domain.worktime import Due, due

MINUTES: Final = 60
ONE_MINUTE: Final = timedelta(minutes=1)


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
    """A limit explained. `rows` run from the day after the event to the due day (to today, while paused).

    Those of a limit in working hours run from the day of the event itself, and say how long each day counts.
    """

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
    first = begun if budget.unit is Unit.WORKING_HOUR else begun + ONE_DAY
    return Statement(
        start_on=begun,
        budget=budget,
        extensions=extensions,
        due=due(start, budget, calendar, pauses, extensions, moment=moment),
        rows=tuple(_Book(start, course, calendar, pauses, today).rows(first, last, base_ends)),
    )


def _last_known(begun: date, pauses: Sequence[Pause], today: date | None) -> date:
    """Return where the statement of a standing clock stops: today, or where it came to stand."""
    return max(begun, today or max(pause.start for pause in pauses if pause.runs(today)))


class _Book:
    """Writes the rows of one course, day by day, from what each day is (not from where the course ends)."""

    def __init__(
        self, start: datetime, course: Course, calendar: WorkCalendar, pauses: Sequence[Pause], today: date | None
    ) -> None:
        self._start = start
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

    def _stretch(self, day: date) -> Stretch | None:
        """Return the stretch the day belongs to; None between and behind them, where an end moves to a working day."""
        for place, stretch in enumerate(self._course.stretches):
            begins = stretch.after if place or stretch.leg.unit is not Unit.WORKING_HOUR else stretch.after - ONE_DAY
            if begins < day and (stretch.last is None or day <= stretch.last):
                return stretch
        return None

    def _skipped(self, day: date) -> str | None:
        """Return why the day does not count, or None when it does."""
        stretch, working = self._stretch(day), self._calendar.is_working(day)
        by_working_time = stretch is None or stretch.leg.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)
        if by_working_time and not working:
            return self._calendar.why(day)
        for pause, last in self._pauses:
            if pause.start < day and (last is None or day <= last):
                return _paused(pause, last)
        if stretch is None:
            return "期满顺延至本日"
        if stretch.leg.unit is Unit.WORKING_HOUR and not self._office_time(day, stretch):
            return "当日办公时间已过"
        return None

    def _office_time(self, day: date, stretch: Stretch) -> timedelta:
        """Return how much of the day counts for a stretch in working hours."""
        opens, closes = start_of(day), moment_at(day, self._calendar.hours.closing)
        ends = moment_at(day, stretch.until) if day == stretch.last and stretch.until is not None else closes
        return max(office_time(max(opens, self._start), ends, self._calendar, self._course.stills), NO_TIME)

    def _kind(self, day: date) -> str:
        stretch = self._stretch(day)
        if stretch is not None and stretch.leg.unit is Unit.WORKING_HOUR:
            return f"{self._calendar.why(day)}，计{_in_words(self._office_time(day, stretch))}"
        return self._calendar.why(day) if stretch is not None and stretch.leg.unit is Unit.WORKING_DAY else "自然日"

    def _notes(self, day: date, *, extended: bool) -> str:
        notes = ["延长期限"] if extended else []
        for pause, last in self._pauses:
            if last is not None and last < day and (pause.end is None or day <= pause.end):
                notes.append(f"{pause.name}批准期限已满，照常计入")
        return f"（{'；'.join(notes)}）" if notes else ""


def _paused(pause: Pause, last: date | None) -> str:
    return f"{pause.name}（{pause.start} 起）" if last is None else f"{pause.name}（{pause.start} 至 {last}）"


def _in_words(worked: timedelta) -> str:
    hours, minutes = divmod(worked // ONE_MINUTE, MINUTES)
    if not hours and not minutes:
        return "不足1分钟"
    return (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "")
