"""Who held the case while a clock ran: the stretches behind its waterfall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from applications.domain.lifecycle import Verb
from applications.domain.shares import APPLICANT, ORGAN, PICKUP, TRANSFER, Share, Stretch, shares_of
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Clock, Event
from applications.selectors.case_page import CaseClocks
from applications.selectors.position import Position
from applications.selectors.statement_days import Course
from halls.domain.budget import Unit
from halls.models import Department, Hall
from matters.domain.units import UNITS

THROUGH_STEPS = (ClockKind.PROMISED, ClockKind.STATUTORY)
_RESULT_MOVES = (Verb.PASS_ON, Verb.MAKE_RESULT, Verb.HAND_OVER, Verb.TAKE_OVER)


def step_shares(
    clock: Clock, course: Course, book: CaseClocks, position: Position, accept_path: str, *, acceptor: str = ""
) -> tuple[Share, ...]:
    """The waterfall of a limit that runs through the steps: one share per visit to a step.

    Where the law accepted in the window's place the limit runs from the receipt, before any step has the case: those
    days are the window's (行政许可法 §32(1)(4)). Cards name the same organ: `applications_held_at` goes by these very
    visits. An extension is part of the slice of the step that had it.
    """
    end = course.seen
    visits = [
        c
        for c in book.clocks.values()
        if c.kind == ClockKind.STEP and c.started_at >= clock.started_at and c.started_at <= end
    ]
    if not visits:
        return ()
    steps = {step.seq: step for step in position.steps}
    starts = [visit.started_at for visit in visits]
    stretches = [
        Stretch(
            name=steps[visit.step_seq].name if visit.step_seq in steps else _("办理"),
            who=organ_of(steps[visit.step_seq]) if visit.step_seq in steps else "",
            kind=ORGAN,
            begin=begin,
            end=until,
            # 即办件: the day itself, no day of its own
            own=visit.amount - visit.carried + book.given_more(visit) if clock.amount else 0,
            carried=visit.carried,
            is_current=visit.stopped_at is None,
        )
        for visit, (begin, until) in zip(visits, pairwise([*starts, end]), strict=True)
    ]
    if starts[0] > clock.started_at:
        window = acceptor or organ_at(accept_path, position)
        stretches.insert(0, Stretch(_("受理窗口逾期未受理"), window, ORGAN, clock.started_at, starts[0]))
    return tuple(shares_of(stretches, course.counted, course.calendar))


@dataclass(frozen=True)
class Way:
    """The way of a case: its clocks by start with their facts, its route, its events by number, who accepts it."""

    application: Application
    position: Position
    book: CaseClocks
    events: Sequence[Event]
    acceptor: str


def shares(clock: Clock, course: Course, way: Way) -> tuple[Share, ...]:
    """The waterfall of any clock of the case; the shares add up to what the clock used."""
    found: tuple[Share, ...] = ()
    if clock.kind in THROUGH_STEPS:
        path = way.application.accept_path
        found = step_shares(clock, course, way.book, way.position, path, acceptor=way.acceptor)
    if found:
        return found
    stretches = [_alone(clock, course, way)]
    if clock.kind == ClockKind.DELIVERY:
        stretches = list(_result_stretches(clock, course, way))
    told = shares_of(stretches, course.counted, course.calendar)
    # Nothing of a publicity is paused: it is the pause itself, and its days are not working days.
    return tuple(told if course.publicity_ends is None else (replace(share, paused=0) for share in told))


def organ_of(step: ApplicationStep) -> str:
    return step.department.name if step.department else step.hall.short_name


def _alone(clock: Clock, course: Course, way: Way) -> Stretch:
    """A clock that one organ (or the applicant) has for itself."""
    step = next((step for step in way.position.steps if step.seq == clock.step_seq), None)
    if clock.kind == ClockKind.SUPPLEMENT:
        name, who, kind = _("等待申请人补正"), _("申请人"), APPLICANT
    else:
        name, kind = (step.name if step else str(clock.get_kind_display())), ORGAN
        who = organ_of(step) if step else _seat(clock, way)
    is_counted = UNITS[clock.unit] in (Unit.WORKING_DAY, course.unit)
    own = clock.amount - clock.carried + way.book.given_more(clock) if is_counted else None
    return Stretch(
        name, who, kind, clock.started_at, course.seen, own, clock.carried, is_current=clock.stopped_at is None
    )


def _seat(clock: Clock, way: Way) -> str:
    """The organ whose clock it is: at first that of the window, which need not lie on the route."""
    if clock.seat_path == way.application.accept_path:
        return way.acceptor
    return organ_at(clock.seat_path, way.position)


def organ_at(path: str, position: Position) -> str:
    """The organ at a path, as the route names it; a window above the village may only accept and not be on it."""
    step = next((step for step in position.steps if step.path == path), None)
    if step is not None:
        return organ_of(step)
    hall = Hall.objects.filter(path=path).values_list("short_name", flat=True).first()
    return hall or Department.objects.filter(path=path).values_list("name", flat=True).first() or ""


def name_at(path: Any) -> Coalesce:
    """The short name of the hall, or the name of the department, at a path."""
    halls = Hall.objects.filter(path=path).values("short_name")[:1]
    departments = Department.objects.filter(path=path).values("name")[:1]
    return Coalesce(Subquery(halls), Subquery(departments), Value(""))


def _result_stretches(clock: Clock, course: Course, way: Way) -> Iterator[Stretch]:
    """From the decision to the villager's hand: making, what the guide puts before it, the way, the wait.

    Each is of whoever the card of that moment names (`applications_held_at`): of whoever decided until another hall has
    taken the result over, be it on its way.
    """
    moves = [e for e in way.events if e.verb in _RESULT_MOVES and clock.started_at < e.at <= course.seen]
    first = next((e for e in reversed(way.events) if e.at <= clock.started_at), None)
    bounds: list[datetime] = [clock.started_at, *(event.at for event in moves), course.seen]
    befores: list[Event | None] = [first, *moves]
    afters: list[Event | None] = [*moves, None]
    holder = _decider(way)
    for before, after, (begin, end) in zip(befores, afters, pairwise(bounds), strict=True):
        if before is not None and before.verb == Verb.TAKE_OVER:
            holder = before.place
        name, who, kind = _leg(before, after, way.position, holder)
        yield Stretch(name, who, kind, begin, end, is_current=after is None and clock.stopped_at is None)


def _decider(way: Way) -> str:
    """The organ of the step at which it was decided: there the result lies at first, whoever makes it."""
    decided = next((e for e in reversed(way.events) if e.verb in (Verb.GRANT, Verb.REFUSE)), None)
    if decided is None:
        return ""
    seq = (decided.detail.get("step") or [0])[0]
    step = next((step for step in way.position.steps if step.seq == seq), None)
    return organ_of(step) if step else decided.place


def _leg(before: Event | None, after: Event | None, position: Position, holder: str) -> tuple[str, str, str]:
    """What happened between two moves of the result, who had it, and of which kind that is."""
    if before is not None and before.verb == Verb.HAND_OVER:
        return _("移交途中"), f"{holder} → {before.detail.get('to', '')}", TRANSFER
    if after is not None and after.verb == Verb.PASS_ON:
        seq, name = after.detail.get("step", [0, _("制作结果")])
        step = next((step for step in position.steps if step.seq == seq), None)
        return name, organ_of(step) if step else holder, ORGAN
    if after is not None and after.verb == Verb.HAND_OVER:
        return _("等待移交"), holder, ORGAN
    if before is not None and before.verb in (Verb.MAKE_RESULT, Verb.TAKE_OVER, Verb.REFUSE):
        return _("等待领取"), holder, PICKUP
    return _("制作结果"), holder, ORGAN
