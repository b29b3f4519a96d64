"""登记评价: what was said by telephone or written on paper, entered by somebody above the hall that served."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted
from supervision.actions._put_rating import Opinion, put_rating
from supervision.domain.ratings import ENTERED_CHANNELS
from supervision.models import Rating
from supervision.permissions.ratings import handles, require_other_person
from supervision.selectors.supervised import require_duty, supervised


@transaction.atomic
def enter_rating(number: str, opinion: Opinion, *, actor: Actor) -> Rating:
    """Write down the rating of a case as it was told.

    Raises NotPermitted (no duty above the hall), NotFound, Invalid, Refused (`own_case`, `no_call`: by telephone, and
    nobody looked at the number, `not_ended`, `rating_over`, `already_rated`).
    """
    case = case_to_enter(number, actor)
    if opinion.channel not in ENTERED_CHANNELS:
        raise Invalid("unknown_channel", _("请选择电话回访或邮寄书面。"), field="channel", cure=_("选一项再提交。"))
    return put_rating(case.pk, opinion, actor=actor)


def case_to_enter(number: str, actor: Actor) -> Application:
    """The case, for somebody above its hall without part in it. Raises NotPermitted, NotFound, Refused (`own_case`)."""
    require_duty(actor)
    case: Application | None = supervised(actor).filter(number=number).first()
    if case is None:
        raise NotFound(_("没有找到这一件，或者它不在您的监察范围内。"))
    if not handles(actor, case.path):
        raise NotPermitted("no_duty_here", _("电话和书面评价由上一级登记。"), cure=_("请转告上一级的监察员登记。"))
    require_other_person(actor, case.pk)
    return case
