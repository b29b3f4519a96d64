"""Seeing the telephone of somebody who has to be called: by whoever has to call, while there is a call to make."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import AccessRecord, Application
from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions.enter_rating import case_to_enter
from supervision.domain.ratings import OPEN_STATES
from supervision.permissions.ratings import handles, require_other_person
from supervision.selectors.ratings import case_to_rate, visible_callbacks, visible_ratings


class Number(NamedTuple):
    """Whom to call; the name stays masked, for the surname is enough to ask for."""

    name: str
    phone: str


@transaction.atomic
def show_raters_phone(rating_id: int, *, actor: Actor) -> Number:
    """Return the number of whoever rated badly, and write down who looked.

    Raises NotFound, NotPermitted (not above the hall), Refused (`own_case`, `nothing_to_call_for`).
    """
    rating = visible_ratings(actor).filter(pk=rating_id).first()
    if rating is None:
        raise NotFound(_("没有找到这条评价，或者它不在您的范围内。"))
    if not handles(actor, rating.path):
        raise NotPermitted("no_duty_here", _("评价人由上一级的监察员联系。"), cure=_("请转告上一级的监察员。"))
    if rating.stands not in OPEN_STATES:
        raise Refused("nothing_to_call_for", _("这条评价没有要联系的事了。"), cure=_("请刷新页面，查看办理经过。"))
    return _show(rating.application_id, actor, _("差评回访"))


@transaction.atomic
def show_callbacks_phone(callback_id: int, *, actor: Actor) -> Number:
    """Return the number of a villager who is to be called back, and write down who looked.

    Raises NotFound, Refused (`own_case`, `nothing_to_call_for`).
    """
    callback = visible_callbacks(actor).filter(pk=callback_id).first()
    if callback is None:
        raise NotFound(_("没有找到这件回访，或者它不在您的范围内。"))
    if callback.calls.filter(is_reached=True).exists():
        raise Refused("nothing_to_call_for", _("这一件已经回访过了。"), cure=_("请刷新页面，查看回访结果。"))
    return _show(callback.application_id, actor, _("代办件抽样回访"))


@transaction.atomic
def show_phone_to_enter(number: str, *, actor: Actor) -> Number:
    """Return the number of whoever tells by telephone what they thought, and write down who looked.

    Raises NotPermitted, NotFound, Refused (`own_case`, `nothing_to_call_for`: running still, or rated).
    """
    case = case_to_enter(number, actor)
    if case_to_rate(number) is None or visible_ratings(actor).filter(application=case).exists():
        raise Refused("nothing_to_call_for", _("这一件没有办结，或者已经评价过。"), cure=_("请核对办件编号。"))
    return _show(case.pk, actor, _("登记电话评价"))


def _show(application_id: int, actor: Actor, reason: str) -> Number:
    require_other_person(actor, application_id)
    case = Application.objects.select_related("applicant").get(pk=application_id)
    assert case.applicant is not None  # filed cases have one
    AccessRecord.objects.create(
        application=case,
        user_id=actor.user_id,
        kind=AccessRecord.Kind.REVEAL,
        reason=reason,
        at=read_moment().at,
    )
    return Number(case.applicant.masked_name, case.applicant.open_phone())
