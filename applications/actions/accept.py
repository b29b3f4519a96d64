"""受理: the materials are complete; the promise begins to run."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from applications.actions._acceptance import silent_since, start_promise
from applications.actions._checks import (
    AFTER_SILENCE,
    NOTICE_FIRST,
    STILL_FAULTY,
    Finding,
    apply_checks,
    listing,
    require_complete,
)
from applications.actions._move import Move, begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Refused


@transaction.atomic
def accept(
    application_id: int,
    findings: Mapping[int, Finding] | None = None,
    *,
    actor: Actor,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Accept the case; its promised limit runs from the next working day, or from the receipt if this comes late.

    `findings`: what the window found per material line; lines checked before may be left out.
    Raises Invalid (a line is unchecked or faulty), Refused (`calendar_year_missing`, wrong state),
    NotFound, NotPermitted, Stale. Source: 行政许可法 §32(1)(4)-(5), §42.
    """
    move = begin(application_id, Verb.ACCEPT, actor, version=version)
    _require_calendar(move)
    application = move.application
    lines = apply_checks(application, findings or {})
    require_complete(lines, remedy=_remedy(move))
    application.accepted_by_id = actor.user_id
    application.accepted_person = actor.person_code
    start_promise(move, listing(lines))
    finish(move, reason=note)
    return application


def _remedy(move: Move) -> str:
    """What can still be done about a faulty line."""
    if silent_since(move):
        return AFTER_SILENCE
    return STILL_FAULTY if move.application.was_corrected else NOTICE_FIRST


def _require_calendar(move: Move) -> None:
    """No promise without a calendar: this year's holidays must be known."""
    year = move.today.year
    if move.moment.calendar.is_published(year):
        return
    raise Refused(
        "calendar_year_missing",
        f"{year} 年的工作日历还没有载入，不能计算时限，暂不能受理。",
        cure=f"请系统管理员载入 {year} 年放假安排后再受理。",
    )
