"""重发: what did not leave is tried again, from the first pause on."""

from __future__ import annotations

import logging

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted
from halls.selectors.work_calendar import read_moment
from supervision.models import Outbox, Untold
from supervision.selectors.messages import county_roots, stuck_rungs_of, texts_of

logger = logging.getLogger(__name__)


def require_post_office(actor: Actor) -> None:
    """Raises NotPermitted for whoever looks after no county's outbox."""
    if not county_roots(actor):
        raise NotPermitted(
            "no_post_office",
            "您现在的岗位不管理外发消息。",
            cure="外发消息由县监察员和系统管理员查看；发给您本人的消息在「提醒」里。",
        )


@transaction.atomic
def retry_texts(*, actor: Actor, text_id: int | None = None) -> int:
    """Send one stuck text again, or all of the actor's counties; what found nobody to tell is tried with them.

    The key stays, so that a gateway which did send it drops the repetition. Returns how many texts wait again.
    Raises NotPermitted, NotFound (no such text, or it is not stuck).
    """
    require_post_office(actor)
    moment = read_moment()
    stuck = texts_of(actor).filter(state=Outbox.State.FAILED)
    if text_id is not None:
        stuck = stuck.filter(pk=text_id)
    ids = list(stuck.values_list("pk", flat=True))
    if text_id is not None and not ids:
        raise NotFound("没有找到这条发不出去的消息，它可能已经重发。")
    waiting = {"state": Outbox.State.WAITING, "attempts": 0, "next_try_at": moment.at, "last_error": ""}
    count = Outbox.objects.filter(pk__in=ids, state=Outbox.State.FAILED).update(**waiting)
    if text_id is None:
        Untold.objects.filter(pk__in=[row.pk for row in stuck_rungs_of(actor)]).update(next_try_at=moment.at)
    logger.info("texts_retried by=%d texts=%d", actor.user_id, count)
    return count
