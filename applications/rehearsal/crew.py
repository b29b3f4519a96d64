"""Make the cases of a demonstration county: day by day, with one or two processes that share the work."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from multiprocessing.connection import Connection
from typing import NamedTuple, Protocol

from django.core.management import call_command
from django.db import connection, connections

from applications.models import Application
from applications.rehearsal.office_hours import OfficeHours
from applications.rehearsal.people import demo_place
from applications.rehearsal.pick_up import open_cases, unfinished
from applications.rehearsal.plans import County, Plan
from applications.rehearsal.run import Rehearsal, sweep, travel_to
from applications.rehearsal.scenes import scenes
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import ONE_DAY, SHANGHAI
from halls.models import Hall
from halls.selectors.work_calendar import read_moment

MONTHS_BACK = timedelta(days=150)
WORTH_A_SECOND_PROCESS = 60
LEAVING_SECONDS = 10
NIGHT = time(0, 1)
WATCHED = (time(10, 25), time(14, 20), time(16, 15))  # never two office hours apart: a longer gap is an outage
BUSY_TOWNSHIP, BUSY_VILLAGE = 4.0, 6.0  # the visitor's own place has more to show than others


class RehearsalFailed(Exception):  # noqa: N818 - shown to whoever runs make_demo
    """An act was refused that should have been possible: a fault of the rehearsal or of an action."""


@dataclass(frozen=True)
class Stage:
    """When and where: the county, its calendar, the months that are lived through."""

    county: Hall
    calendar: WorkCalendar
    hours: OfficeHours
    first: date
    end: datetime

    @classmethod
    def of(cls, county: Hall) -> Stage:
        """Take the five months up to now; no day of a year whose calendar is not loaded."""
        moment = read_moment()
        end = moment.at
        while not moment.calendar.is_published(end.year):
            end = datetime(end.year - 1, 12, 31, 17, 30, tzinfo=SHANGHAI)
            if end < moment.at - timedelta(days=3660):
                raise RehearsalFailed("没有载入工作日历，请先运行 load_calendar data/calendar。")
        first = (end - MONTHS_BACK).date()
        return cls(county, moment.calendar, OfficeHours(moment.calendar, first, end.date()), first, end)

    def days(self) -> Iterator[date]:
        day = self.first
        while day <= self.end.date():
            yield day
            day += ONE_DAY

    def rounds(self, day: date) -> Iterator[datetime]:
        """When the watch goes round: behind midnight, and on working days often enough that it was never out."""
        times = (NIGHT, *WATCHED) if self.calendar.is_working(day) else (NIGHT,)
        moments = (datetime.combine(day, at, tzinfo=SHANGHAI) for at in times)
        yield from (moment for moment in moments if moment <= self.end)


def make_cases(county: Hall, wanted: int, *, processes: int, report: Callable[[int, int], None]) -> int:
    """Bring the county to `wanted` cases and return how many were made; `report` is told (made, of) every day.

    Raises RehearsalFailed. What was made before a failure stays: it was done by the real actions.
    """
    present = Application.objects.filter(path__startswith=county.path).count()
    if present >= wanted:
        return 0
    call_command("allow_time_travel")
    stage = Stage.of(county)
    with unfinished() as was_interrupted, _quiet():
        left_open = open_cases(county) if was_interrupted else []
        plans = _plans(stage, present, wanted - present, with_scenes=was_interrupted or not present)
        if processes > 1 and len(plans) >= WORTH_A_SECOND_PROCESS and not connection.in_atomic_block:
            crew: Crew = Shared(stage, plans, left_open, processes)
        else:
            crew = Alone(stage, plans, left_open)
        try:
            for day in stage.days():
                for moment in stage.rounds(day):
                    report(crew.live(moment), len(plans))
                    sweep(moment)
            report(crew.live(stage.end), len(plans))
        finally:
            crew.leave()
            travel_to(None)
    return len(plans)


def _plans(stage: Stage, present: int, missing: int, *, with_scenes: bool) -> list[Plan]:
    """Return the waiting cases first (in a new county), then as many as are missing from all five months."""
    place = demo_place(stage.county)
    last = stage.hours.minute(stage.end) - 1
    waiting = scenes(place, last, first_seed=10**6 + present)[:missing] if with_scenes else []
    favourites = {place.township.code: BUSY_TOWNSHIP, place.village.code: BUSY_VILLAGE}
    sources = County(stage.county, favourites)
    return waiting + [sources.draw(present + n, 0, last) for n in range(missing - len(waiting))]


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the information lines of a hundred and fifty sweeps; commit without waiting for the disk."""
    level = logging.root.manager.disable
    logging.disable(logging.INFO)
    _hurry("off")
    try:
        yield
    finally:
        _hurry("on")
        logging.disable(level)


def _hurry(waits: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {waits}")


class Crew(Protocol):
    """Whoever lives through the days; `live` returns how many cases were opened so far."""

    def live(self, until: datetime) -> int: ...

    def leave(self) -> None: ...


class Alone:
    """Everything in this process."""

    def __init__(self, stage: Stage, plans: Sequence[Plan], left_open: Sequence[int]) -> None:
        self._rehearsal = Rehearsal(stage.county, plans, stage.hours, stage.calendar, left_open)

    def live(self, until: datetime) -> int:
        self._rehearsal.live(until)
        return self._rehearsal.started

    def leave(self) -> None:
        pass


class Share(NamedTuple):
    """What one process has to do."""

    stage: Stage
    plans: Sequence[Plan]
    left_open: Sequence[int]


class Shared:
    """Each process has cases of its own; all wait for each other whenever the watch goes round."""

    def __init__(self, stage: Stage, plans: Sequence[Plan], left_open: Sequence[int], processes: int) -> None:
        connections.close_all()  # a connection does not survive a fork
        gc.collect()  # nor does one that somebody dropped: closed here, it cannot be closed again in a child
        context = multiprocessing.get_context("fork")
        self._workers = []
        for number in range(processes):
            ours, theirs = context.Pipe()
            share = Share(stage, plans[number::processes], left_open[number::processes])
            process = context.Process(target=_work, args=(theirs, ours, share), daemon=True)
            process.start()
            theirs.close()
            self._workers.append((process, ours))
        _hurry("off")

    def live(self, until: datetime) -> int:
        for _process, pipe in self._workers:
            pipe.send(until)
        return sum(_answer(pipe) for _process, pipe in self._workers)

    def leave(self) -> None:
        for _process, pipe in self._workers:
            with suppress(OSError):
                pipe.send(None)
            pipe.close()
        for process, _pipe in self._workers:
            process.join(LEAVING_SECONDS)


def _answer(pipe: Connection) -> int:
    try:
        answer = pipe.recv()
    except EOFError:
        answer = "一个进程意外结束。"
    if isinstance(answer, str):
        raise RehearsalFailed(answer)
    assert isinstance(answer, int)
    return answer


def _work(pipe: Connection, others: Connection, share: Share) -> None:
    """Live up to a moment whenever one is sent; end when told so, or when the process at the other end is gone."""
    others.close()
    gc.freeze()  # what the parent left behind is the parent's to clean up
    try:
        _hurry("off")
        alone = Alone(share.stage, share.plans, share.left_open)
        while (until := pipe.recv()) is not None:
            pipe.send(alone.live(until))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        pass
    except Exception:  # noqa: BLE001 - told to the process that runs the command
        pipe.send(traceback.format_exc())
