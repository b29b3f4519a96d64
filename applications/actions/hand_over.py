"""移交 and 签收: the result goes down from hall to hall; both ends confirm."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application, HandOver
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused
from halls.domain.persons import is_same_person
from halls.models import Hall


@transaction.atomic
def hand_over(application_id: int, *, actor: Actor, to_hall: str, version: int | None = None) -> Application:
    """Send the result towards the villager: to any hall between here and where it was filed.

    Raises Invalid (not on the way), Refused (`on_its_way`), NotFound, NotPermitted, Stale.
    """
    move = begin(application_id, Verb.HAND_OVER, actor, version=version)
    application = move.application
    if application.destination_path:
        raise Refused("on_its_way", "结果已在移交途中，对方还没有签收。", cure="请等对方大厅签收后再办。")
    hall = Hall.objects.filter(code=to_hall).first()
    if hall is None or not application.path.startswith(hall.path) or hall.path == application.result_path:
        raise Invalid(
            "not_on_the_way",
            "只能移交到本件所在的县、乡、村大厅。",
            field="to_hall",
            cure="请选择下一站大厅。",
        )
    application.destination_path = hall.path
    move.detail["to"] = hall.name
    move.paper |= {"to": hall.name, "result_number": application.result_number}
    finish(move)
    # Behind its event: the database stamps both ends of a hand-over from the acts of the case.
    HandOver.objects.create(
        application=application,
        from_path=application.result_path,
        from_name=actor.hall_name,
        to_path=hall.path,
        to_name=hall.name,
        sent_at=move.moment.at,
        sent_by_id=actor.user_id,
    )
    return application


@transaction.atomic
def take_over(application_id: int, *, actor: Actor, version: int | None = None) -> Application:
    """Confirm that the result has arrived here.

    Raises Refused (nothing is on its way; `sender_cannot_take_over`), NotFound, NotPermitted, Stale.
    """
    move = begin(application_id, Verb.TAKE_OVER, actor, version=version)
    application = move.application
    sent = HandOver.objects.select_related("sent_by").filter(application=application, taken_at__isnull=True).first()
    if sent is None:
        raise Refused("nothing_on_its_way", "没有移交到这里的结果。", cure="请刷新页面。")
    if sent.sent_by_id == actor.user_id or is_same_person(sent.sent_by.person_code, actor.person_code):
        raise Refused(
            "sender_cannot_take_over",
            "移交要由两头的人各自确认：您是移交人，不能再签收。",
            cure=f"请{sent.to_name}的人员收到原件后签收。",
        )
    application.result_path = application.destination_path
    application.seat_hall = Hall.objects.get(path=application.destination_path)
    application.seat_department, application.seat_path = None, application.destination_path
    application.destination_path = ""
    move.detail |= {"place": sent.to_name, "seat": application.seat_path}
    finish(move)
    sent.taken_at, sent.taken_by_id = move.moment.at, actor.user_id
    sent.save(update_fields=["taken_at", "taken_by"])
    return application
