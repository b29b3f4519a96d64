"""The second signature under a calendar, by somebody who could see what it does to the whole county; then settling."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.actions.sign import require_signer
from halls.actions.sign_calendar import confirm_notice
from halls.domain.errors import Refused
from halls.models import CalendarNotice
from halls.selectors.work_calendar import load_calendar
from supervision.actions.settle_calendar import Settled, settle_calendar
from supervision.selectors.whole_rehearsal import rehearsal_of


def confirm_calendar(notice_id: int, *, actor: Actor, reason: str, patience: float) -> Settled:
    """Confirm a proposal whose rehearsal of the whole county is there, of exactly its days, and fresh; then settle.

    The signature is kept before anything is settled, and stays whatever becomes of that: no transaction is around
    the two. It settles for so many seconds, the sweep does the rest. Raises Refused (`not_rehearsed`) and whatever
    `confirm_notice` raises.
    """
    require_signer(actor)
    notice = CalendarNotice.objects.filter(pk=notice_id).first()
    if notice is not None and notice.is_waiting:
        _require_rehearsal(notice)
    confirm_notice(notice_id, actor=actor, reason=reason)
    return settle_calendar(patience=patience)


def _require_rehearsal(notice: CalendarNotice) -> None:
    with connection.cursor() as cursor:  # not read_moment: it would hold the calendar that the confirmation waits for
        cursor.execute("SELECT halls_now()")
        (now,) = cursor.fetchone()
    found = rehearsal_of(notice, load_calendar().version, now)
    if found is None or found.finished_at is None:
        raise Refused(
            "not_rehearsed",
            _("全县的演算还没有完成，或者已经过时，现在不能确认。"),
            cure=_("后台正在演算；请稍后刷新页面，看过全县的数字再确认。"),
        )
