"""提交: the village clerk hands the case to the hall that accepts it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from applications.actions._clocks import Start
from applications.actions._move import Move, begin_locked, finish, lock, next_serial
from applications.actions.draft import require_open
from applications.actions.fill import checked_permit_end
from applications.domain.lifecycle import Status, Verb
from applications.domain.numbers import case_number
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep
from applications.selectors.county import county_of
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid
from matters.domain.routing import Route
from matters.selectors.routing import route_of
from matters.selectors.timeout import is_renewal_guide

COMES_AGAIN_WITHIN = timedelta(days=90)
PRE_REVIEW = Budget(1)  # T2: the window looks at an online submission within 1 working day


@transaction.atomic
def submit(
    application_id: int, *, actor: Actor, applicant_checked: bool = False, version: int | None = None
) -> Application:
    """File the case: it gets its number, its route and its place in the window's work list.

    `applicant_checked`: the clerk declares that the applicant read the answers; kept in the event.
    A second click by the same person returns the case as it stands. Raises Invalid (who asks is
    missing), Stale, NotFound, NotPermitted, Refused (the matter was paused or abolished since, among others).
    """
    application = lock(application_id, actor)
    if application.status != Status.DRAFT and application.filed_by_id == actor.user_id:
        return application
    move = begin_locked(application, Verb.SUBMIT, actor, version=version)
    require_open(application.matter)
    if application.applicant is None:
        raise Invalid("applicant_missing", "还没有填写申请人。", field="applicant", cure="请先填写姓名和证件号。")
    _require_permit_end(move)
    county = county_of(application.path)
    application.number = case_number(county.code, move.today, next_serial())
    application.submitted_at = move.moment.at
    _take_route(move, route_of(application.guide, application.hall))
    move.starts[ClockKind.PRE_REVIEW] = Start(PRE_REVIEW)
    _link_to_an_earlier_one(move)
    lines = application.materials.select_related("material").order_by("seq")
    move.paper["materials"] = [
        {"name": line.material.name, "form": line.material.form, "declared": line.get_declared_display()}
        for line in lines
    ]
    return finish(move, detail={"applicant_checked": True} if applicant_checked else None)


def _require_permit_end(move: Move) -> None:
    """A renewal says until when the permit in hand is good: silence beyond that day renews it (行政许可法 §50(2))."""
    application = move.application
    if not is_renewal_guide(application.guide):
        return
    expires_on = checked_permit_end(application.guide, application.permit_expires_on)
    if expires_on is None:
        raise Invalid(
            "permit_end_missing",
            "还没有填写原许可的有效期。",
            field="permit_expires_on",
            cure="请照许可证填写有效期的最后一天。",
        )
    move.detail["permit_expires_on"] = expires_on.isoformat()


def _link_to_an_earlier_one(move: Move) -> None:
    """A case that ended undecided and comes again within 90 days is known as such: 撤回后重报 resets no blame."""
    application = move.application
    assert application.applicant is not None
    earlier = (
        Application.objects.filter(
            applicant__id_index=application.applicant.id_index,
            matter=application.matter_id,
            status__in=(Status.WITHDRAWN, Status.DECLINED),
            ended_at__gte=move.moment.at - COMES_AGAIN_WITHIN,
        )
        .order_by("-ended_at")
        .first()
    )
    if earlier is not None:
        application.follows = earlier
        move.detail["follows"] = {"number": earlier.number, "status": earlier.status}


def _take_route(move: Move, route: Route) -> None:
    """Copy the guide's route for this case: later versions of the guide do not move it."""
    application = move.application
    application.accept_path = route.accept.path
    application.seat_path = route.accept.path
    application.seat_hall_id = route.accept.hall_id
    application.seat_department_id = route.accept.department_id
    ApplicationStep.objects.bulk_create(
        ApplicationStep(
            application=application,
            seq=step.seq,
            name=step.name,
            level=step.level,
            kind=step.kind,
            organ=step.organ,
            days=step.days,
            unit=step.unit,
            counts=step.counts,
            is_leading=step.is_leading_accept,
            is_final_decision=step.is_final_decision,
            is_after_decision=step.is_after_decision,
            hall_id=step.hall_id,
            department_id=step.department_id,
            path=step.path,
        )
        for step in route.steps
    )
