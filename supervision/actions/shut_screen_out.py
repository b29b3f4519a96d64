"""停用大屏: from now on its token opens nothing."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import NotFound, Refused
from halls.selectors.work_calendar import read_moment
from supervision.models import ScreenEnd
from supervision.selectors.screens import screens_of

logger = logging.getLogger(__name__)


@transaction.atomic
def shut_screen_out(screen_id: int, *, actor: Actor) -> None:
    """Raises NotFound (no screen of the actor's halls), Refused (`screen_ended`: it is out already)."""
    screen = screens_of(actor).filter(pk=screen_id).first()
    if screen is None:
        raise NotFound(_("没有找到这块大屏，或者它不在您的范围内。"))
    end, is_new = ScreenEnd.objects.get_or_create(
        screen=screen, defaults={"user_id": actor.user_id, "at": read_moment().at}
    )
    if not is_new:
        raise Refused("screen_ended", _("这块大屏已经停用。"), cure=_("不用再停一次。"))
    logger.info("screen_shut_out screen=%d by=%d", end.screen_id, actor.user_id)
