"""Reading: the reader's own messages only, at the moment of the database."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment
from supervision.models import Message
from supervision.selectors.messages import messages_of


@transaction.atomic
def read_message(message_id: int, *, actor: Actor) -> Message:
    """Return the message and remember when it was read first. Raises NotFound for anybody else's."""
    rows = messages_of(actor).filter(pk=message_id)
    rows.filter(read_at__isnull=True).update(read_at=read_moment().at)
    message = rows.select_related("application__matter").defer("application__form").first()
    if message is None:
        raise NotFound("没有找到这条消息。")
    return message


@transaction.atomic
def read_all(*, actor: Actor, until: int) -> int:
    """Take everything up to the newest message of the page as read; what came since stays unread."""
    rows = messages_of(actor).filter(read_at__isnull=True, pk__lte=until)
    return rows.update(read_at=read_moment().at)
