"""催办: whoever watches a case that stands still asks the people who hold it to go on."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from halls.acting import Actor
from halls.constraints import violates
from halls.domain.errors import NotFound, NotPermitted, Refused
from halls.domain.worktime import day_of
from halls.models import User
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._post import Letter, post
from supervision.actions._words import sound_words
from supervision.domain.orders import issuing_node
from supervision.domain.reach import Rung, reach
from supervision.domain.urging import why_not_again, why_not_urge
from supervision.domain.wording import instead_words
from supervision.models import Message, Urge
from supervision.permissions.orders import refusal
from supervision.selectors.reach import roster_of, seat_of_case
from supervision.selectors.supervised import names_of, require_duty, supervised

LONGEST_REASON: Final = 300
WHOM: Final = (Rung.HANDLER, Rung.BACKUP, Rung.CHIEF)


@transaction.atomic
def urge(number: str, *, actor: Actor, reason: str) -> Urge:
    """Urge the handler of the case, the B角 and the chief representative; they get a message they can answer.

    `number`: the 16 digits. Raises NotPermitted (no supervision, the machine), NotFound (not in the actor's places),
    Invalid (no reason), Refused (`case_ended`, `case_suspended`, `case_waits_for_applicant`, `urged_today`,
    `urged_enough`, `nobody_in_post`).
    """
    require_duty(actor)
    if actor.is_system:
        raise NotPermitted("not_a_person", _("催办由人发出。"), cure=_("请由监察员或大厅负责人催办。"))
    rows = supervised(actor).filter(number=number).order_by().values("pk")
    case = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("matter")
        .defer("form")
        .filter(pk__in=rows)
        .first()
    )
    if case is None:
        raise NotFound(_("没有找到这件办件，或者它不在您的监察范围内。"))
    moment = read_moment()
    if found := why_not_urge(case.status):
        raise refusal(found)
    row = _written(case, actor, sound_words(reason, "reason", _("理由"), longest=LONGEST_REASON), moment)
    _tell(row, case, moment)
    return row


def office_of(actor: Actor, case: Application) -> str:
    """The node of the watch from which the actor urges: the highest one over the case, else the actor's own."""
    return issuing_node(case.path, actor.supervises) or min(actor.supervises, key=len)


def _written(case: Application, actor: Actor, reason: str, moment: Moment) -> Urge:
    """Count, find who holds the case, and write it down. The case's row is locked."""
    office, today = office_of(actor, case), day_of(moment.at)
    workday = today if moment.calendar.is_working(today) else moment.calendar.next_working(today)
    by_office = Urge.objects.filter(application=case, office_path=office, day=today).count()
    in_all = Urge.objects.filter(application=case, workday=workday).count()
    if found := why_not_again(by_office, in_all):
        raise refusal(found)
    seat = seat_of_case(case)
    people = reach(WHOM, seat, roster_of([seat.path], today)).people
    if not people:
        raise Refused(
            "nobody_in_post", _("这件现在没有人在岗承办，催不到人。"), cure=_("请联系系统管理员核对岗位和任期。")
        )
    users = User.objects.in_bulk(list(people))
    whom = [{"user": pk, "name": users[pk].full_name, "note": instead_words(missing)} for pk, missing in people.items()]
    row = Urge(
        application=case,
        seat_path=seat.path,
        whom=whom,
        reason=reason,
        office_path=office,
        office_name=names_of({office}).get(office, ""),
        user_id=actor.user_id,
        person_code=actor.person_code,
        day=today,
        workday=workday,
        at=moment.at,  # the trigger stamps moment and day
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        if not violates(fault, "urge_once_a_day"):
            raise
        # Midnight passed between counting and writing.
        again = why_not_again(1, 0)
        assert again is not None
        raise refusal(again) from fault
    return row


def _tell(row: Urge, case: Application, moment: Moment) -> None:
    words = f"催办：{case.display_number} {case.matter.name}。{row.office_name}催办：{row.reason}"
    letters = [
        Letter(
            one["user"],
            f"urge:{row.pk}",
            Message.Kind.NOTICE,
            words + one["note"],
            application=case,
            detail={"page": reverse("urge", args=[row.pk])},
        )
        for one in row.whom
    ]
    post(letters, moment)
