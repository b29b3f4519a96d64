"""The rows behind a figure whose group has no list of its own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.selectors.work_calendar import read_moment
from supervision.selectors.drill import COUNTED_TO, PAGE, counted_to
from supervision.selectors.figure_groups import group_of, require_month
from supervision.selectors.scope import scope_of
from supervision.views.lists import figure_options, query_of
from supervision.views.parts import address, asked_day, asked_present, chips, scope_chips, shown_words

NAME = "supervision_rows"


@login_required
@require_safe
def rows_page(request: HttpRequest) -> HttpResponse:
    """Exactly the rows a figure counted, newest first, in the columns of its group."""
    query = query_of(request)
    group = group_of(query.get("figure", "promised"))
    figure = group.figures[query.get("figure", "promised")]
    scope = scope_of(acting_user(request.user), query.get("scope", ""), query)
    moment = read_moment()
    present = asked_present(query, moment.at)
    require_month(figure, present)
    day = asked_day(query.get("day", ""))
    rows = group.rows_of(scope, figure, present, day)
    cursor = request.GET.get("after", "")
    found, total, next_cursor = counted_to(group.shown(rows), rows, group.order(figure), cursor, PAGE)
    lines = group.lines(found, moment, present)
    context = {
        "page_title": present.worded(group.name_of(figure)),
        "page_lead": present.worded(figure.definition),
        "breadcrumbs": [
            {"label": _("办件统计"), "url": address("supervision_statistics", month=query.get("month", ""))},
            {"label": present.worded(group.name_of(figure)), "url": ""},
        ],
        "columns": [label for _key, label in group.columns],
        "lines": [[line[key] for key, _label in group.columns] for line in lines],
        "shown": shown_words(total, len(found), COUNTED_TO),
        "filter_action": reverse(NAME),
        "filter_fields": [
            {
                "name": "figure",
                "label": _("看哪个数字"),
                "kind": "select",
                "options": figure_options(group.figures, figure, present),
            }
        ],
        "keep": [{"name": key, "value": value} for key, value in query.items() if key != "figure"],
        "filter_chips": chips(NAME, query, scope.narrowed) + scope_chips(NAME, query, scope, day),
        "next_url": address(NAME, **query, after=next_cursor) if next_cursor else "",
        "first_url": address(NAME, **query) if cursor else "",
    }
    return render(request, "supervision/rows.html", context)
