"""Rows of lists of cases, ready to print, for the desks and for those who watch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from applications.domain.lifecycle import Status
from applications.models import Application
from applications.selectors.case_page import shown_status
from applications.selectors.lights import light
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment

ASKED: dict[str, str] = {
    Status.SUBMITTED: "收件",
    Status.RECEIVED: "核验受理",
    Status.CORRECTING: "等申请人补正",
    Status.SUSPENDED: "特别程序中",
    Status.GRANTED: "制作结果",
    Status.READY: "发放或移交",
    Status.REFUSED: "送达决定书",
}
STEP_ASKED = {"review": "审查", "special": "特别程序", "decide": "作出决定", "instant": "当场办理", "accept": "接收"}


def case_rows(applications: Iterable[Application], moment: Moment) -> list[dict[str, Any]]:
    """Plain values for components/case_table.html; reads nothing."""
    return [case_row(application, moment) for application in applications]


def case_row(application: Any, moment: Moment) -> dict[str, Any]:
    """One row, of a case read `with_list_columns`."""
    shown = light(application, moment)
    since = application.submitted_at or application.created_at
    seat = application.seat_department or application.seat_hall
    return {
        "id": application.pk,
        "number": application.display_number,
        "url": reverse("case", args=[application.number]) if application.number else "",
        "light_kind": shown.colour.value,
        "light_words": shown.words,
        "matter": application.matter.name,
        "applicant": application.applicant.masked_name if application.applicant else "",
        "village": application.hall.short_name,
        "since": timezone.localtime(since),
        "since_says_year": timezone.localtime(since).year != day_of(moment.at).year,
        **shown_status(application),
        "owner": seat.name if seat else application.hall.name,
        "asked": _asked(application),
        "due": application.late_at and timezone.localtime(application.late_at),
        "due_provisional": application.late_is_provisional,
    }


def _asked(application: Application) -> str:
    if application.status == Status.IN_PROGRESS or (
        application.status == Status.GRANTED and application.step_kind in ("review", "special")
    ):
        return STEP_ASKED.get(application.step_kind, "办理")
    if application.destination_path:
        return "签收移交"
    return ASKED.get(application.status, "")
