"""What acceptance starts, whoever or whatever accepts: the window in time, the window late, or time itself."""

from __future__ import annotations

from applications.actions._clocks import Since
from applications.actions._move import Move
from applications.actions._route import decision_clocks, enter
from applications.domain.transitions import ClockKind
from applications.models import ApplicationMaterial, ApplicationStep
from applications.selectors.promises import expected_promise
from applications.selectors.timetable import hall_due, timetable
from halls.domain.worktime import SHANGHAI, day_of
from halls.selectors.work_calendar import Moment


def start_promise(move: Move, lines: list[dict[str, str]]) -> None:
    """Start the promised and the statutory limit and enter the first step; note what the notice prints.

    When the five days had run out in silence the case counts as accepted since its receipt, and the limits run
    from there, whenever that is recorded and by whom (行政许可法 §32(1)(4)). The step begins only now: the
    silence was not its organ's.
    """
    application, since = move.application, silent_since(move)
    accepted_at = since.at if since else move.moment.at
    application.accepted_at = accepted_at
    promise = expected_promise(application.accept_path, application.guide, day_of(accepted_at))
    move.starts.update(decision_clocks(application.guide, promise, since))
    move.paper |= {"promised_days": promise.days, "promised_by": promise.whose()}
    enter(move, move.position.worked[0])
    special = [s for s in move.position.worked if s.kind == "special"]
    begins = Moment(accepted_at, move.moment.calendar)
    stops = timetable(move.position, begins, promised=promise.days, published=promise.published)
    due_here = hall_due(stops, application.accept_path)
    move.paper["hall_due"] = due_here.isoformat() if due_here else None
    move.paper["stops"] = [
        {"name": step.name, "organ": organ_of(step), "due": day.isoformat() if day else None} for step, day in stops
    ]
    move.paper["materials"] = lines
    # 行政许可法 §45: the applicant is told in writing how long the excluded procedures take.
    move.paper["special"] = [{"name": s.name, "days": s.days, "unit": s.unit} for s in special]
    if since:
        move.paper["deemed_since"] = day_of(since.at).isoformat()
        move.detail["deemed_since"] = since.at.astimezone(SHANGHAI).isoformat()


def silent_since(move: Move) -> Since | None:
    """The receipt from which a case counts as accepted, or None while the five days of acceptance run."""
    clock = move.case.clocks.get(ClockKind.ACCEPTANCE)
    if clock is None or clock.due_at is None or move.moment.at <= clock.due_at:
        return None
    return Since(move.case.facts[clock.pk][0].event_seq, clock.started_at)


def accepting_organ(move: Move) -> str:
    """Who speaks on a paper that time issues: the organ that received the papers, not the machine."""
    path = move.application.accept_path
    return next((organ_of(step) for step in move.position.steps if step.path == path), move.application.hall.name)


def organ_of(step: ApplicationStep) -> str:
    return (step.department or step.hall).name


def lines_of(move: Move) -> list[ApplicationMaterial]:
    return list(move.application.materials.select_related("material").order_by("seq"))
