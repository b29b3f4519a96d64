"""一次性告知: everything that is missing or wrong, said once and in writing."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from applications.actions._checks import Finding, apply_checks, faulty
from applications.actions._clocks import Start
from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind
from applications.models import Application
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid, Refused
from halls.domain.worktime import due

SUPPLEMENT_DAYS = 15  # the notice may say less or more


@transaction.atomic
def request_correction(
    application_id: int,
    findings: Mapping[int, Finding],
    *,
    actor: Actor,
    days: int = SUPPLEMENT_DAYS,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Send the one notice with all faults; the acceptance clock stops, the applicant's own runs.

    Raises Refused (`one_notice_only`: a notice was sent before), Invalid (nothing is faulty, days
    out of range), NotFound, NotPermitted, Stale. Source: 行政许可法 §32(1)(4).
    """
    move = begin(application_id, Verb.REQUEST_CORRECTION, actor, version=version)
    application = move.application
    if application.was_corrected:
        raise Refused(
            "one_notice_only",
            "一次性告知只能发一次：本件已经告知过需要补正的全部内容。",
            cure="请依现有材料受理，或说明理由不予受理。",
        )
    if not 1 <= days <= 60:
        raise Invalid("days_out_of_range", "补正期限应为 1 到 60 个工作日。", field="days", cure="一般为 15。")
    lines = faulty(apply_checks(application, findings))
    if not lines:
        raise Invalid(
            "nothing_faulty",
            "没有一项材料标为「缺」或「错」，无需告知。",
            field="materials",
            cure="材料齐全请直接受理。",
        )
    application.was_corrected = True
    move.starts[ClockKind.SUPPLEMENT] = Start(Budget(days))
    move.detail["items"] = [line.seq for line in lines]
    move.paper["items"] = [
        {"name": ln.material.name, "fault": ln.get_check_result_display(), "cure": ln.check_reason} for ln in lines
    ]
    until = due(move.moment.at, Budget(days), move.moment.calendar).due_on
    move.paper |= {"days": days, "until": until.isoformat() if until else None}
    return finish(move, reason=note)
