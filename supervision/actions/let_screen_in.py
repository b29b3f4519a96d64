"""开通大屏: a screen on a wall may show one page, without anybody being logged in there."""

from __future__ import annotations

import logging
import secrets
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid, NotPermitted
from halls.models import Hall, Level
from halls.selectors.work_calendar import read_moment
from supervision.models import Screen
from supervision.selectors.screens import hash_of, may_let_in

logger = logging.getLogger(__name__)


class LetIn(NamedTuple):
    """The screen and its token, which is told this once."""

    screen: Screen
    token: str


@transaction.atomic
def let_screen_in(hall_code: str, kind: str, *, actor: Actor) -> LetIn:
    """Let a screen in at a hall; the wall is the county's own.

    Raises Invalid (no such hall or kind, a wall elsewhere than in the county), NotPermitted.
    """
    hall = Hall.objects.filter(code=hall_code).first()
    if hall is None:
        raise Invalid("unknown_hall", _("没有这个大厅。"), field="hall", cure=_("请从清单里选择大厅。"))
    if kind not in Screen.Kind.values:
        raise Invalid("unknown_kind", _("没有这种大屏。"), field="kind", cure=_("请选县指挥大屏或大厅屏。"))
    if not may_let_in(actor, hall):
        raise NotPermitted(
            "no_screens_here", _("您的岗位不能为这个大厅开通大屏。"), cure=_("请联系该大厅的监察员或系统管理员。")
        )
    if kind == Screen.Kind.WALL and hall.tier != Level.COUNTY:
        raise Invalid(
            "wall_of_the_county", _("县指挥大屏只在县大厅开通。"), field="kind", cure=_("乡镇和村请选大厅屏。")
        )
    token = secrets.token_urlsafe(24)
    screen = Screen.objects.create(
        hall=hall, kind=kind, token_hash=hash_of(token), user_id=actor.user_id, at=read_moment().at
    )
    logger.info("screen_let_in screen=%d hall=%s kind=%s by=%d", screen.pk, hall.code, kind, actor.user_id)
    return LetIn(screen, token)
