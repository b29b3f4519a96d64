"""台账 of a hall and month: on the page, on paper, as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Application
from halls.acting import acting_user
from halls.domain.worktime import day_of
from halls.models import Level
from halls.selectors.work_calendar import read_moment
from matters.workbook import written
from supervision.domain.periods import PeriodKind, month_asked, period_of
from supervision.selectors.ledgers import (
    HEADS,
    MOST,
    OLDEST_FIRST,
    PAGE,
    hall_of_ledger,
    halls_of_ledgers,
    ledger_rows,
    lines,
    totals,
)
from supervision.views.export import XLSX_TYPE, download
from supervision.views.parts import address


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponseBase:
    """`hall` (own hall), `month` (this one), `below=0` without the halls below it, `format=xlsx`.

    What villagers bring to a village stands in the book of its township, and all of it in that of the county: few halls
    above a village take in much themselves.
    """
    actor = acting_user(request.user)
    hall = hall_of_ledger(actor, request.GET.get("hall", "").replace("\0", "")[:20])
    today = read_moment().at
    period = month_asked(request.GET.get("month", ""), today) or period_of(PeriodKind.MONTH, day_of(today))
    has_below = hall.tier != Level.VILLAGE
    with_below = has_below and request.GET.get("below") != "0"
    rows = ledger_rows(actor, hall, period, with_below=with_below)
    query = {"hall": hall.code, "month": f"{period.first:%Y-%m}", "below": "0" if has_below and not with_below else ""}
    if request.GET.get("format") == "xlsx":
        sheets: dict[str, list[list[Any]]] = {
            _("台账"): [list(HEADS), *lines(rows[:MOST])],
            _("合计"): [[_("状态"), _("件数")], *map(list, totals(rows))],
        }
        name = f"{hall.name}{period.label}{_('台账')}.xlsx"
        return download(io.BytesIO(written(sheets)), name, XLSX_TYPE)
    page, next_cursor = OLDEST_FIRST.after(rows, request.GET.get("after", ""), PAGE)
    context = {
        "page_title": _("台账"),
        "page_lead": _("%(hall)s%(span)s，%(month)s收件。")
        % {
            "hall": hall.name,
            "span": _("和下级大厅") if with_below else _("本级") if has_below else "",
            "month": period.label,
        },
        "breadcrumbs": [{"label": _("首页"), "url": reverse("home")}, {"label": _("台账")}],
        "heads": HEADS[1:],
        "rows": [_row(case, line) for case, line in zip(page, lines(page), strict=True)],
        "totals": totals(rows),
        "filter_fields": [
            {"name": "month", "label": _("月份"), "kind": "month", "value": query["month"]},
            {
                "name": "hall",
                "label": _("大厅"),
                "kind": "select",
                "value": hall.code,
                "groups": halls_of_ledgers(actor),
            },
        ],
        "keep": [{"name": "below", "value": query["below"]}] if query["below"] else [],
        "below_url": address("ledger", **{**query, "below": "0" if with_below else ""}) if has_below else "",
        "with_below": with_below,
        "empty_why": _("台账按收件日期登记；换一个月份或大厅看看。")
        if with_below or not has_below
        else _("这里只列本级自己收的件，村和乡镇收的不在其中；点“含下级”一起看。"),
        "next_url": address("ledger", **query, after=next_cursor) if next_cursor else "",
        "first_url": address("ledger", **query) if request.GET.get("after") else "",
        "xlsx_url": address("ledger", **query, format="xlsx"),
    }
    return render(request, "supervision/ledger.html", context)


def _row(case: Application, line: Sequence[Any]) -> dict[str, Any]:
    """A line of the book without its place in the file, and the page of its case."""
    _place, number, matter, *others = line
    url = reverse("case", args=[case.number])
    return {"url": url, "number": number, "matter": matter, "cells": list(zip(HEADS[3:], others, strict=True))}
