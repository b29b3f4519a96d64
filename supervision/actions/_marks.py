"""When a paper was counted and under which anchor: written by the machine, and told from what somebody invented."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from applications.models import Event
from supervision.actions.close_month import last_event, now_and
from supervision.domain.bulletin import Marks
from supervision.models import Anchor, Bulletin, MonthClose

# Between the moment that a paper prints and that of its row lies the counting: anchors and events go on meanwhile.
_COUNTING: Final = timedelta(minutes=10)
_EVENT: Final = re.compile(r"第 ([0-9]{1,18}) 号。$")


def marks_of(at: datetime, closed: MonthClose | None) -> Marks:
    """What the paper prints that is counted now."""
    return Marks(_anchor_words(Anchor.objects.first()), _counted(at, last_event() if closed is None else 0, closed))


def true_marks(bulletin: Bulletin, closed: MonthClose | None) -> Marks:
    """The marks of the draft where the ledger bears them out, and otherwise those that it should have printed."""
    at = bulletin.drafted_at
    anchors = _anchors_at(at)
    anchor, counted = bulletin.content.get("anchor"), bulletin.content.get("counted")
    event = _last_event_at(at, counted if isinstance(counted, str) else "")
    minutes = range(int(_COUNTING.total_seconds()) // 60 + 1)
    sentences = [_counted(at - timedelta(minutes=minute), event, closed) for minute in minutes]
    return Marks(anchor if anchor in anchors else anchors[0], counted if counted in sentences else sentences[0])


def _anchors_at(at: datetime) -> list[str]:
    """The newest anchor of the moment, and with it whichever was the newest while the paper was being counted."""
    before = Anchor.objects.filter(made_at__lte=at)
    meanwhile = before.filter(made_at__gt=at - _COUNTING)
    marks = [*meanwhile, before.filter(made_at__lte=at - _COUNTING).first()]
    return [_anchor_words(mark) for mark in marks]


def _last_event_at(at: datetime, counted: str) -> int:
    """The number that the sentence names, if it can have been the last one of the moment; else the one that was."""
    named = _EVENT.search(counted)
    number = int(named[1]) if named else 0
    own = Event.objects.filter(pk=number).first()
    following = Event.objects.filter(pk__gt=number).order_by("pk").first()
    is_known = own.at <= at if own else number == 0
    if is_known and (following is None or following.at >= at - _COUNTING):
        return number
    return Event.objects.filter(at__lte=at).order_by("-pk").values_list("pk", flat=True).first() or 0


def _anchor_words(mark: Anchor | None) -> str:
    if mark is None:
        return _("尚无锚点")
    return _("锚点第 %(serial)d 号 %(code)s") % {"serial": mark.serial, "code": mark.code}


def _counted(at: datetime, event: int, closed: MonthClose | None) -> str:
    if closed is None:
        words = _("按 %(at)s 的记录统计，最后一条记录为第 %(event)d 号。")
        return words % {"at": now_and(at), "event": event}
    words = _("按 %(closed)s 月结的数字和到 %(at)s 为止登记的更正，月结时最后一条记录为第 %(event)d 号。")
    return words % {"closed": now_and(closed.closed_at), "at": now_and(at), "event": closed.events}
