"""视为准予延续: the permit in hand ran out before anybody decided whether to renew it."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from applications.selectors.renewal import was_deemed_renewed
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused
from matters.domain.timeout import permit_ends


@transaction.atomic
def deem_renewed(application_id: int, *, actor: Actor, basis: str) -> Application:
    """Put on record that the law counts this renewal as granted; a named person lets it go afterwards.

    It counts from the last day of the permit, whenever it is recorded; no limit of the office has a part in it, and
    a pause does not stop it. Raises Refused (`no_permit_end`, `not_yet`, `deemed_already`, wrong state), Invalid (no
    basis), NotFound, NotPermitted. Source: 行政许可法 §50(2).
    """
    move = begin(application_id, Verb.DEEM_RENEWED, actor)
    if not basis.strip():
        raise Invalid(
            "basis_missing", "没有公布的依据，不能视为准予延续。", field="basis", cure="请先公布超时默认规则。"
        )
    expires_on = move.application.permit_expires_on
    if expires_on is None:
        raise Refused(
            "no_permit_end", "本件没有登记原许可的有效期，不能视为准予延续。", cure="请由审批人尽快作出决定。"
        )
    if move.moment.at <= permit_ends(expires_on):
        raise Refused("not_yet", "原许可的有效期还没有届满。", cure="届满后系统会自动登记。")
    if was_deemed_renewed(move.application):
        raise Refused("deemed_already", "本件已经登记为视为准予延续。", cure="请由审批人放行。")
    move.detail |= {"permit_expires_on": expires_on.isoformat(), "basis": basis}
    return finish(move, reason=f"原许可有效期于{expires_on:%Y年%m月%d日}届满未作决定，依{basis}视为准予延续")
