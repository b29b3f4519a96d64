"""Seeing personal data in the clear: only with a reason, always recorded."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from applications.models import AccessRecord, Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted
from halls.selectors.work_calendar import read_moment


class Clear(NamedTuple):
    name: str
    id_number: str
    phone: str


@transaction.atomic
def reveal(application_id: int, *, actor: Actor, reason: str) -> Clear:
    """Return name, identity number and phone, and write down who looked and why.

    Raises NotFound, NotPermitted (watching is no reason to look), Invalid (no reason).
    """
    application = (
        Application.objects.visible_to(actor)
        .select_related("applicant")
        .filter(pk=application_id, applicant__isnull=False)
        .first()
    )
    if application is None or application.applicant is None:
        raise NotFound
    if not Application.objects.visible_to(actor.at_work).filter(pk=application_id).exists():
        raise NotPermitted("watching_only", "监察岗位不查看证件号和电话。", cure="确有需要请走调阅手续。")
    if not 2 <= len(reason.strip()) <= 200:
        raise Invalid("reason_missing", "请写明查看的原因。", field="reason", cure="例如：核对身份证原件。")
    AccessRecord.objects.create(
        application=application,
        user_id=actor.user_id,
        kind=AccessRecord.Kind.REVEAL,
        reason=reason.strip(),
        at=read_moment().at,
    )
    who = application.applicant
    return Clear(who.name, who.open_id_number(), who.open_phone())
