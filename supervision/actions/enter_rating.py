"""登记评价: what was said by telephone or written on paper, entered by somebody above the hall that served."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from halls import files
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted
from supervision.actions._put_rating import Opinion, put_rating
from supervision.domain.ratings import ENTERED_CHANNELS, Channel
from supervision.models import Rating, RatingScan
from supervision.permissions.ratings import handles, require_other_person
from supervision.selectors.supervised import require_duty, supervised


@transaction.atomic
def enter_rating(number: str, opinion: Opinion, *, actor: Actor, scan: tuple[str, bytes] | None = None) -> Rating:
    """Write down the rating of a case as it was told. `scan`: name and bytes of the paper on which it came.

    Raises NotPermitted (no duty above the hall), NotFound, Invalid (`scan` too: on paper, and there is no paper),
    Refused (`own_case`, `no_call`: by telephone, and nobody looked at the number, `not_ended`, `rating_over`,
    `already_rated`).
    """
    case = case_to_enter(number, actor)
    if opinion.channel not in ENTERED_CHANNELS:
        raise Invalid("unknown_channel", _("请选择电话回访或邮寄书面。"), field="channel", cure=_("选一项再提交。"))
    if opinion.channel == Channel.POST and scan is None:
        raise Invalid(
            "scan_missing",
            _("书面评价还没有附上原件的照片或扫描件。"),
            field="scan",
            cure=_("请拍下群众写的那张纸（JPG、PNG 或 PDF，不超过 10 MB），附上后再登记。"),
        )
    paper = files.check(scan[1], scan[0], field="scan") if scan and opinion.channel == Channel.POST else None
    rating = put_rating(case.pk, opinion, actor=actor)
    if paper is not None:
        files.store(paper)
        RatingScan.objects.create(rating=rating, **paper.facts)
    return rating


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
