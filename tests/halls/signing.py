"""A change of the work calendar as two persons sign it."""

from datetime import date

from halls.acting import Actor
from halls.actions.sign_calendar import confirm_notice, draft_of_state, propose_notice
from halls.models import CalendarNotice
from halls.selectors.work_calendar import load_calendar as calendar_now
from tests.factories.calendar import with_days


def proposal(actor: Actor, **changes) -> CalendarNotice:
    changes = changes or {"off": ["2026-03-06"]}
    return propose_notice(draft_of_state(with_days(2026, **changes)), actor=actor, reason="国务院办公厅补充通知")


def confirmed(signers, **changes) -> CalendarNotice:
    notice = proposal(signers["administrator"], **changes)
    return confirm_notice(notice.pk, actor=signers["supervisor"], reason="已核对原文")


def is_working(day: str) -> bool:
    return calendar_now().is_working(date.fromisoformat(day))
