"""Who used which days of a limit (the waterfall): stretches of the case laid over the days of one clock. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import day_of

ORGAN, APPLICANT, TRANSFER, PICKUP = "organ", "applicant", "transfer", "pickup"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody held the case from one moment to another.

    `kind`: organ, applicant (everybody waits for the applicant), transfer (the papers are on their way) or pickup (the
    result lies ready). The days of a pickup are those of whoever has the result: 行政许可法 §44 makes serving it the
    organ's duty, and §45 does not leave out a wait for the applicant to come.
    `own` is the slice of this step, None where it has none; `carried` what earlier steps left over.
    """

    name: str
    who: str
    kind: str
    begin: datetime
    end: datetime
    own: int | None = None
    carried: int = 0
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A stretch with the time it used.

    Units of the clock: working days, or working hours that have begun. `start`: used before it; `paused`: working
    days that the law does not count (特别程序);
    `over`: beyond own slice and what was carried in; `handed_on`: what the next steps may use besides their own.
    """

    name: str
    who: str
    kind: str
    begin: datetime
    end: datetime
    own: int | None
    carried: int
    start: int
    used: int
    over: int
    handed_on: int
    paused: int
    is_current: bool


def shares_of(
    stretches: Sequence[Stretch], counted: Callable[[datetime], int], calendar: WorkCalendar
) -> Iterator[Share]:
    """Yield the share of each stretch; `counted` tells how many days the clock had used at a moment.

    Stretches that follow each other from the clock's start to its end add up to what the clock used.
    """
    for one, following in zip_longest(stretches, stretches[1:]):
        start = counted(one.begin)
        used = counted(one.end) - start
        given = None if one.own is None else one.own + one.carried
        yield Share(
            name=one.name,
            who=one.who,
            kind=one.kind,
            begin=one.begin,
            end=one.end,
            own=one.own,
            carried=one.carried,
            start=start,
            used=used,
            over=0 if given is None else max(used - given, 0),
            handed_on=following.carried if following and one.own is not None else 0,
            paused=max(calendar.working_between(day_of(one.begin), day_of(one.end)) - used, 0),
            is_current=one.is_current,
        )
