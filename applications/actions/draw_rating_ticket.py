"""打印评价码: a new code for the last paper of a case, shown this once; the one before it is void."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain.lifecycle import ENDED
from applications.domain.numbers import CODE_ALPHABET, RATING_CODE_LENGTH
from applications.models import Application, RatingTicket
from applications.sealing import rating_digest
from applications.selectors.standing import may_hand_out_code
from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment


@transaction.atomic
def draw_rating_ticket(application_id: int, *, actor: Actor) -> str:
    """Return a code that nobody can read again; who drew it and when stays on record.

    Raises NotFound, NotPermitted (hands no papers out there), Refused (`not_ended`).
    """
    rows = Application.objects.visible_to(actor).filter(pk=application_id)
    case = rows.select_for_update(no_key=True, of=("self",)).first()
    if case is None:
        raise NotFound
    if not may_hand_out_code(actor, case):
        raise NotPermitted("no_duty_here", _("评价码由收件、受理的窗口打印。"), cure=_("请由经办窗口打印。"))
    if case.status not in ENDED:
        raise Refused("not_ended", _("这件事还没有办结，没有评价码。"), cure=_("办结后再打印。"))
    code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(RATING_CODE_LENGTH))
    RatingTicket.objects.create(
        application=case,
        digest=rating_digest(case.number or "", code),
        user_id=actor.user_id,
        person_code=actor.person_code,
        drawn_at=read_moment().at,  # the trigger stamps the moment
    )
    return code
