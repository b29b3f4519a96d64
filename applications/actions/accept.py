"""受理: the materials are complete; the promise begins to run."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from applications.actions._checks import Finding, apply_checks, listing, require_complete
from applications.actions._move import Move, begin, finish
from applications.actions._route import decision_clocks, enter
from applications.domain.lifecycle import Verb
from applications.models import Application, ApplicationStep
from applications.selectors.timetable import hall_due, timetable
from halls.acting import Actor
from halls.domain.errors import Refused


@transaction.atomic
def accept(
    application_id: int,
    findings: Mapping[int, Finding] | None = None,
    *,
    actor: Actor,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Accept the case; its promised limit runs from the next working day.

    `findings`: what the window found per material line; lines checked before may be left out.
    Raises Invalid (a line is unchecked or faulty), Refused (`calendar_year_missing`, wrong state),
    NotFound, NotPermitted, Stale. Source: 行政许可法 §32(1)(5), §42.
    """
    move = begin(application_id, Verb.ACCEPT, actor, version=version)
    _require_calendar(move)
    application = move.application
    lines = apply_checks(application, findings or {})
    require_complete(lines, was_told=application.was_corrected)
    application.accepted_at = move.moment.at
    application.accepted_by_id = actor.user_id
    application.accepted_person = actor.person_code
    move.starts.update(decision_clocks(application.guide))
    enter(move, move.position.worked[0])
    special = [s for s in move.position.worked if s.kind == "special"]
    stops = timetable(move.position.steps, move.moment)
    own = hall_due(stops, application.accept_path)
    move.paper["hall_due"] = own.isoformat() if own else None
    move.paper["stops"] = [
        {"name": step.name, "organ": organ_of(step), "due": day.isoformat() if day else None} for step, day in stops
    ]
    move.paper["materials"] = listing(lines)
    # 行政许可法 §45: the applicant is told in writing how long the excluded procedures take.
    move.paper["special"] = [{"name": s.name, "days": s.days, "unit": s.unit} for s in special]
    finish(move, reason=note)
    return application


def organ_of(step: ApplicationStep) -> str:
    return (step.department or step.hall).name


def _require_calendar(move: Move) -> None:
    """No promise without a calendar: this year's holidays must be known."""
    year = move.today.year
    if move.moment.calendar.is_published(year):
        return
    raise Refused(
        "calendar_year_missing",
        f"{year} 年的工作日历还没有载入, 不能计算时限, 暂不能受理。",
        cure=f"请系统管理员载入 {year} 年放假安排(manage.py load_calendar data/calendar)后再受理。",
    )
