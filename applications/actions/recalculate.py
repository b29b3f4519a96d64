"""重算时限: a published calendar moved the dates of a case, and its own record says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from applications.actions._clocks import Case
from applications.actions._move import Move, finish, lock
from applications.domain.clock import granted_until, guide_budget
from applications.domain.lifecycle import Status, Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from applications.permissions import require
from applications.selectors.case_dates import DATES
from applications.selectors.position import position_of
from halls.acting import Actor
from halls.domain.moments import end_of_day
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import read_moment


class MovedClock(NamedTuple):
    """A clock whose last moment moved, from and to."""

    clock: Clock
    before: datetime | None
    after: datetime | None


class Recalculated(NamedTuple):
    """The case, and those of its clocks whose dates moved."""

    application: Application
    moved: list[MovedClock]


@transaction.atomic
def recalculate(application_id: int, *, actor: Actor, ground: Mapping[str, Any]) -> Recalculated | None:
    """Derive every date of a case anew under the calendar of now; None, and no event, when nothing moves.

    `ground` (the notice, who proposed and who confirmed it) is kept in the event. No fact is touched. Running it
    twice changes nothing the second time. Raises NotFound, NotPermitted (only the system), Refused (a draft).
    """
    application = lock(application_id, actor)
    moment = read_moment()
    position = position_of(application)
    require(actor, Verb.RECALCULATE, application, position)
    case = Case.load(application, moment, is_whole=True)
    moved, until = _moved_dates(case), _pause_ends(case)
    if not moved and until == application.paused_until:
        return None
    move = Move(Verb.RECALCULATE, actor, application, position, moment, case)
    move.detail |= {"ground": dict(ground), "dates": [_told(one) for one in moved]}
    if until != application.paused_until:
        move.detail["paused_until"] = [_iso(application.paused_until), _iso(until)]
        application.paused_until = until
    return Recalculated(finish(move, reason=str(ground.get("reason", ""))), moved)


def _moved_dates(case: Case) -> list[MovedClock]:
    """Derive all clocks; returns what changed, and marks those clocks to be written.

    The next rung is armed again only where a date moved: what was claimed before stays claimed.
    """
    moved = []
    for clock in case.every_clock():
        before, armed = {name: getattr(clock, name) for name in DATES}, clock.next_action_at
        case.derive(clock)
        after = {name: getattr(clock, name) for name in DATES}
        if before == after:
            clock.next_action_at = armed
            continue
        case.touch(clock)
        moved.append(MovedClock(clock, before["due_at"], after["due_at"]))
    return moved


def _pause_ends(case: Case) -> datetime | None:
    """When the granted days of the running procedure are over: working days end with the calendar of now."""
    special = case.clocks.get(ClockKind.SPECIAL)
    if case.application.status != Status.SUSPENDED or special is None:
        return case.application.paused_until
    calendar = case.moment.calendar
    last = granted_until(special.started_at, guide_budget(special.amount, special.unit), calendar)
    return end_of_day(last)


def _told(moved: MovedClock) -> dict[str, Any]:
    due = [_iso(moved.before), _iso(moved.after)]
    return {"kind": moved.clock.kind, "step": moved.clock.step_seq, "due": due}


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None
