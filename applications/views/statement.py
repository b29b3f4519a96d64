"""时限说明单: one clock of a case, day by day, to be read and printed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.clock_statement import ClockStatement
from applications.models import Application
from applications.selectors.county import county_of
from applications.selectors.statement import CaseStatements
from applications.selectors.statement_rows import case_facts, day_rows, no_days_words, pause_words
from applications.selectors.waterfall import waterfall_of
from applications.views.lookup import case_of
from halls.acting import Actor, acting_user
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment


@login_required
@require_safe
def clock_statement(request: HttpRequest, number: str, clock_id: int) -> HttpResponse:
    """Explain one due date. Who sees the case sees its clocks; a clock of another case is not found."""
    case, statement = _statement(acting_user(request.user), number, clock_id)
    back = reverse("case", args=[case.application.number])
    context = _context(case, statement) | {
        "page_title": _("时限说明单"),
        "page_lead": _("每一个到期日都逐日列出：哪天计入、第几天，哪天不计、为什么。"),
        "breadcrumbs": [{"label": case.application.display_number, "url": back}, {"label": statement.label}],
        "paper_url": reverse("clock_paper", args=[case.application.number, clock_id]),
        "back_url": back,
    }
    return render(request, "applications/statement.html", context)


@login_required
@require_safe
def clock_paper(request: HttpRequest, number: str, clock_id: int) -> HttpResponse:
    """The same statement as a paper on A4."""
    actor = acting_user(request.user)
    case, statement = _statement(actor, number, clock_id)
    application = case.application
    context = _context(case, statement) | {
        "page_title": _("时限说明单"),
        "county": county_of(application.path).name,
        "paper_number": f"{application.number}-{statement.clock_id}",
        "applicant": application.applicant.masked_name if application.applicant else "",
        "printed_by": " ".join(part for part in (actor.hall_name, actor.post, actor.name) if part),
        "chain": {"seq": application.event_seq, "hash": application.event_hash},
        "sample": _("示例数据") if settings.DEMO else "",
        "back_url": reverse("clock_statement", args=[application.number, clock_id]),
    }
    return render(request, "applications/statement_paper.html", context)


def _statement(actor: Actor, number: str, clock_id: int) -> tuple[CaseStatements, ClockStatement]:
    application: Application = case_of(actor, number)
    case = CaseStatements(application, read_moment())
    statement = case.find(clock_id)
    if statement is None:
        raise NotFound
    return case, statement


def _context(case: CaseStatements, statement: ClockStatement) -> dict[str, Any]:
    return {
        "statement": statement,
        "facts": case_facts(case.application, statement),
        "waterfall": waterfall_of(statement),
        "rows": day_rows(statement, case.moment.at),
        "empty_words": no_days_words(statement),
        "pause_words": pause_words(statement),
        "asked_at": case.moment.at,
    }
