"""评价: a villager says what they thought of the service, with the code that was printed on their last paper."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications.selectors.rating_tickets import is_ticket
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted
from supervision.actions._put_rating import Opinion, put_rating
from supervision.domain.ratings import OWN_CHANNELS
from supervision.models import Rating
from supervision.selectors.ratings import case_to_rate


@transaction.atomic
def rate(number: str, token: str, opinion: Opinion, *, actor: Actor | None) -> Rating:
    """Take the rating; the token is spent with it. `actor` is None: nobody who is at work rates.

    Raises NotFound (number and token do not belong together), NotPermitted (`staff_rates`), Invalid, Refused
    (`not_ended`, `rating_over`, `already_rated`). Source: 国办发〔2019〕51号, 一次服务一次评价.
    """
    require_villager(actor)
    if not is_ticket(number, token):
        raise NotFound(_("没有找到要评价的事。"))
    case = case_to_rate(number)
    if case is None:
        raise NotFound(_("没有找到要评价的事，或者它还没有办结。"))
    if opinion.channel not in OWN_CHANNELS:
        raise Invalid("unknown_channel", _("没有这个评价渠道。"), field="channel", cure=_("请重新扫码。"))
    return put_rating(case.pk, opinion, actor=None)


def require_villager(actor: Actor | None, *, worked_here: bool = False) -> None:
    """Raises NotPermitted for anybody who is logged in, and on a device where somebody worked within a day."""
    if worked_here and actor is None:
        raise NotPermitted(
            "device_of_staff",
            _("这台设备一天内登录过工作账号，不能用它评价。"),
            cure=_("请由群众本人用自己的手机扫纸上的二维码；评价码没有用掉。"),
        )
    if actor is not None:
        raise NotPermitted(
            "staff_rates",
            _("工作账号不能评价。"),
            cure=_("请由群众本人用自己的手机扫码，或退出工作账号后再打开。"),
        )
