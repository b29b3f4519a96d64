"""不予受理: not a matter of this organ, or needs no permit."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid

REASON_CLASSES = {
    "no_permit_needed": "依法不需要办理本事项",
    "not_competent": "依法不属于本机关职权范围",
    "cannot_be_corrected": "不符合受理条件且无法补正",
}


@transaction.atomic
def decline(
    application_id: int,
    *,
    actor: Actor,
    reason: str,
    reason_class: str,
    competent_organ: str = "",
    version: int | None = None,
) -> Application:
    """Decline in writing, with the class of reason and, where it is another's power, whose.

    Raises Invalid (no reason, no class, no competent organ), NotFound, NotPermitted, Refused,
    Stale. Source: 行政许可法 §32(1)(1)–(2).
    """
    move = begin(application_id, Verb.DECLINE, actor, version=version)
    if reason_class not in REASON_CLASSES:
        raise Invalid("reason_class", "请选择不予受理的情形。", field="reason_class", cure="三种情形选一种。")
    organ = competent_organ.strip()
    if reason_class == "not_competent" and not organ:
        raise Invalid(
            "competent_organ",
            "不属于本机关职权的，必须告知应向哪个机关申请。",
            field="competent_organ",
            cure="请填写有权机关的名称。",
        )
    move.detail["reason_class"] = reason_class
    move.paper |= {"reason_class": REASON_CLASSES[reason_class], "competent_organ": organ}
    return finish(move, reason=reason)
