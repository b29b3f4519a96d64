"""One hall's address, telephone and opening times: the form, what is published now, what is announced."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from halls.acting import acting_user
from halls.actions.keep_hall import faults_in, keep_hall
from halls.domain.errors import Invalid, NotFound
from halls.domain.openings import Opening, hours_of, in_force, lines_of, turning_days
from halls.domain.worktime import day_of
from halls.models import Hall
from halls.permissions import require_writes_for
from halls.selectors.hall_changes import hall_changes
from halls.selectors.openings import opening_of, rows_ahead
from halls.selectors.work_calendar import read_moment
from matters.forms.hall import HallForm
from matters.views.parameters import parameter


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hall_facts(request: HttpRequest, code: str) -> HttpResponse:
    """The form, with the opening times of today, or of the day in ?since=."""
    actor = acting_user(request.user)
    hall = Hall.objects.filter(code=code[:12], retired_on__isnull=True).first() if "\x00" not in code else None
    if hall is None:
        raise NotFound(_("没有这个大厅。"))
    require_writes_for(actor, hall)
    today = day_of(read_moment().at)
    openings = [opening_of(row) for row in rows_ahead(hall, today)]
    form = _form(request, hall, openings, today)
    if request.method == "POST":
        facts, since, reason = form.said
        if form.is_valid():
            version = form.cleaned_data["version"]
            try:
                overtaken = keep_hall(hall.code, facts, since=since, reason=reason, actor=actor, version=version)
            except Invalid as refusal:
                form.explain(refusal)
            else:
                messages.success(request, _published(since or today, overtaken, today))
                return redirect("hall_facts", code=hall.code)
        else:  # with what can be read of it, everything that is wrong is told at once
            problems = faults_in(hall, facts, since=since, reason=reason, today=today)
            form.explain(Invalid("hall_facts_invalid", "", problems=tuple(problems)))
    context = _context(hall, form, openings, today)
    return render(request, "matters/hall_facts.html", context, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, hall: Hall, openings: list[Opening], today: date) -> HallForm:
    if request.method == "POST":
        return HallForm(request.POST, initial={})
    since = max(_day(parameter(request, "since")) or today, today)
    initial = {"address": hall.address, "phone": hall.phone, "since": since, "version": hall.version}
    return HallForm(hours=hours_of(in_force(openings, since)), initial=initial)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _published(since: date, overtaken: list[date], today: date) -> str:
    said = _("已公布，办事指南、公开栏和汇编马上改过来。")
    if since > today:
        said += _("开放时间自 %(day)s 起改。") % {"day": _in_words(since)}
    if overtaken:
        days = "、".join(_in_words(day) for day in overtaken)
        said += _("先前公布的自 %(days)s 起的开放时间不再施行。") % {"days": days}
    return said


def _in_words(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}"


def _context(hall: Hall, form: HallForm, openings: list[Opening], today: date) -> dict[str, Any]:
    back, here = reverse("hall_matters", args=[hall.code]), reverse("hall_facts", args=[hall.code])
    return {
        "page_title": _("大厅信息"),
        "page_lead": _("%(hall)s的地址、电话和开放时间。") % {"hall": hall.name},
        "form": form,
        "row_errors": form.row_errors if form.is_bound else [],
        "now": lines_of(in_force(openings, today)),
        "announced": [
            {"day": day, "lines": lines_of(in_force(openings, day)), "url": f"{here}?since={day:%Y-%m-%d}"}
            for day in turning_days(openings, today)
        ],
        "changes": hall_changes(hall),
        "guide_url": f"{reverse('guide_list')}?hall={hall.code}",
        "back_url": back,
        "breadcrumbs": [{"label": _("受理清单"), "url": back}, {"label": _("大厅信息")}],
    }
