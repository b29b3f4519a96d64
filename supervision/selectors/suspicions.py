"""疑点: what the rules allow and what yet looks like a way around a red card. Shown, never judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from django.db.models import DateTimeField, F, Q, Sum, Value
from django.db.models.functions import Coalesce

from applications.domain.lifecycle import Status, Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock, Event
from halls.acting import Actor
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from supervision.selectors.supervised import supervised

LOOKED_BACK: Final = timedelta(days=90)
SHOWN: Final = 100
# Clocks, or cases, read at most for one list: the newest, or those that stood still longest.
READ: Final = 2000
# The applicant's own time, and time that does not count: nobody gets a card for these by a withdrawal put off.
NOT_THE_ORGANS: Final = (ClockKind.SPECIAL, ClockKind.SUPPLEMENT)
WHOLE: Final = (ClockKind.ACCEPTANCE, ClockKind.PROMISED, ClockKind.STATUTORY)
NEAR: Final = 1  # working days before the red card
LONG: Final = 10  # working days; a case that stood still for longer is shown without an overrun, too
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The rows of a list, and whether there were more than are shown."""

    rows: list[T]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A case that was withdrawn when it had a card, was over, or had a working day left to the red one."""

    case: Application
    clock: Clock
    state: str  # red | over | near


@dataclass(frozen=True, slots=True)
class Return:
    """A case that follows an ended one of the same person for the same matter; the days that one had used up."""

    case: Application
    earlier: Application
    days_used: int
    is_earlier_visible: bool


@dataclass(slots=True)
class Standstill:
    """How often and how long one case stood still: special procedures, and waiting for a supplement."""

    case: Application
    specials: int = 0
    special_days: int = 0
    overruns: int = 0
    supplements: int = 0
    supplement_days: int = 0

    @property
    def days(self) -> int:
        return self.special_days + self.supplement_days


def cut_short(actor: Actor, moment: Moment) -> Found[Event]:
    """Return the acts of 90 days that cut a publicity short or left it out, the newest first: one statement."""
    told = Q(verb=Verb.RESUME, detail__has_key="ended_early") | Q(verb=Verb.PASS_ON, detail__has_key="skipped")
    rows = (
        Event.objects.filter(
            told,
            application__in=supervised(actor).order_by().values("pk"),
            at__gte=moment.at - LOOKED_BACK,
        )
        .select_related("application__matter", "application__hall")
        .order_by("-at", "-pk")[: SHOWN + 1]
    )
    return _first(list(rows))


def near_misses(actor: Actor, moment: Moment) -> Found[NearMiss]:
    """Return the withdrawals of the last 90 days that came just in time, the newest first: one statement."""
    rows = (
        Clock.objects.filter(
            application__in=supervised(actor).order_by().values("pk"),
            application__status=Status.WITHDRAWN,
            application__ended_at__gte=moment.at - LOOKED_BACK,
            stopped_at=F("application__ended_at"),
        )
        .exclude(kind__in=NOT_THE_ORGANS)
        .select_related("application__matter", "application__hall")
        .order_by("-stopped_at", "pk")[: READ + 1]
    )
    worst: dict[int, NearMiss] = {}
    for clock in rows:
        state = _state(clock, moment)
        known = worst.get(clock.application_id)
        if state and (known is None or _RANKS.index(state) < _RANKS.index(known.state)):
            worst[clock.application_id] = NearMiss(clock.application, clock, state)
    return _first(list(worst.values()), is_cut=len(rows) > READ)


_RANKS: Final = ("red", "over", "near")


def _state(clock: Clock, moment: Moment) -> str:
    """What the withdrawal escaped; "" when there was time enough."""
    ended = clock.stopped_at
    assert ended is not None  # stopped: database constraint
    if clock.red_at and clock.red_at < ended:
        return "red"
    if any(at and at < ended for at in (clock.yellow_at, clock.due_at)):
        return "over"
    # Of the limits of a case as a whole the promise counts, too; a step is short enough to be near its end always.
    rungs = [at for at in (clock.red_at, clock.due_at if clock.kind in WHOLE else None) if at]
    left = [moment.calendar.working_between(day_of(ended), day_of(at)) for at in rungs]
    return "near" if any(days <= NEAR for days in left) else ""


def returns(actor: Actor, moment: Moment) -> Found[Return]:
    """Return the cases of the last 90 days that came again after an end without decision: two statements."""
    rows = (
        supervised(actor)
        .filter(follows__isnull=False, submitted_at__gte=moment.at - LOOKED_BACK)
        .select_related("matter", "hall", "follows")
        .order_by("-submitted_at")[: SHOWN + 1]
    )
    cases = list(rows)
    seen = set(supervised(actor).filter(pk__in=[case.follows_id for case in cases]).values_list("pk", flat=True))
    found = []
    for case in cases:
        earlier = case.follows
        assert earlier is not None
        found.append(Return(case, earlier, _days(earlier.submitted_at, earlier.ended_at, moment), earlier.pk in seen))
    return _first(found)


def standstills(actor: Actor, moment: Moment) -> Found[Standstill]:
    """Return the cases that stood still too long in the last 90 days, the longest first: two statements.

    That is beyond the granted days, or for more than ten working days: the ordinary ones would hide the real ones.
    """
    stood = Clock.objects.filter(
        application__in=supervised(actor).order_by().values("pk"),
        kind__in=NOT_THE_ORGANS,
        started_at__gte=moment.at - LOOKED_BACK,
    )
    until = Coalesce(F("stopped_at"), Value(moment.at, output_field=DateTimeField()))
    longest = stood.values("application").annotate(stood=Sum(until - F("started_at"))).order_by("-stood", "application")
    cases = [pk for pk, _stood in longest.values_list("application", "stood")[: READ + 1]]
    rows = stood.filter(application__in=cases[:READ]).select_related("application__matter", "application__hall")
    found = (one for one in _added_up(rows, moment) if one.overruns or one.days > LONG)
    return _first(sorted(found, key=lambda one: (-one.days, one.case.pk)), is_cut=len(cases) > READ)


def _first(found: list[T], *, is_cut: bool = False) -> Found[T]:
    return Found(found[:SHOWN], is_cut or len(found) > SHOWN)


def _added_up(clocks: Iterable[Clock], moment: Moment) -> list[Standstill]:
    found: dict[int, Standstill] = {}
    for clock in clocks:
        one = found.setdefault(clock.application_id, Standstill(clock.application))
        days = _days(clock.started_at, clock.stopped_at, moment)
        if clock.kind == ClockKind.SUPPLEMENT:
            one.supplements += 1
            one.supplement_days += days
        else:
            one.specials += 1
            one.special_days += days
            one.overruns += bool(clock.due_at and clock.due_at < (clock.stopped_at or moment.at))
    return list(found.values())


def _days(begun: datetime | None, ended: datetime | None, moment: Moment) -> int:
    """Working days between two moments, the day of the first not counted."""
    if begun is None:
        return 0
    return moment.calendar.working_between(day_of(begun), day_of(ended or moment.at))
