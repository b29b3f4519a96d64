"""The days by which each organ of a route should be done, told before and at acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from applications.models import ApplicationStep
from applications.selectors.position import Position
from halls.domain.budget import Budget
from halls.domain.worktime import due
from halls.selectors.work_calendar import Moment


class Stop(NamedTuple):
    """A step and the last day of its share of the promise, special procedures not counted."""

    step: ApplicationStep
    due_on: date | None


def timetable(position: Position, moment: Moment, *, promised: int, published: int) -> list[Stop]:
    """The counted steps behind acceptance, if it were accepted at `moment` under a promise of `promised` days."""
    stops, days = [], 0
    slices = position.slices(promised, published)
    for step in position.steps:
        if not step.counts:
            continue
        days += slices[step.seq]
        if not step.is_leading:
            stops.append(Stop(step, due(moment.at, Budget(days), moment.calendar).due_on))
    return stops


def hall_due(stops: Sequence[Stop], hall_path: str) -> date | None:
    """The last day of this hall's own share (its offices included); None when it has none."""
    own = [stop.due_on for stop in stops if stop.step.path == hall_path or stop.step.path.startswith(f"{hall_path}~")]
    return own[-1] if own else None
