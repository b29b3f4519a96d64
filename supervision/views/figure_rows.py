"""The rows behind a figure whose group has no list of its own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.selectors.work_calendar import read_moment
from supervision.selectors.drill import COUNTED_TO, PAGE, counted_to
from supervision.selectors.figure_groups import group_of, require_month
from supervision.selectors.scope import scope_of
from supervision.views.export import Sheet, as_file, by_chunks, export_links, file_asked
from supervision.views.lists import figure_options, query_of
from supervision.views.parts import address, asked_day, asked_present, chips, scope_chips, scope_words, shown_words
from supervision.views.sheets import of_group

NAME = "supervision_rows"


@login_required
@require_safe
def rows_page(request: HttpRequest) -> HttpResponseBase:
    """Exactly the rows a figure counted, newest first, in the columns of its group. `format` gives them as a file."""
    query = query_of(request)
    group = group_of(query.get("figure", "promised"))
    figure = group.figures[query.get("figure", "promised")]
    scope = scope_of(acting_user(request.user), query.get("scope", ""), query)
    moment = read_moment()
    present = asked_present(query, moment.at)
    require_month(figure, present)
    day = asked_day(query.get("day", ""))
    rows = group.rows_of(scope, figure, present, day)
    label, definition = present.worded(group.name_of(figure)), present.worded(figure.definition)
    if form := file_asked(request):
        ordered = group.order(figure).ordered(group.shown(rows))
        printed = by_chunks(ordered, lambda chunk: group.lines(chunk, moment, present))
        sheet = Sheet(label, definition, scope_words(scope, day), of_group(group.columns), printed)
        return as_file(form, sheet, moment.at)
    cursor = request.GET.get("after", "")
    found, total, next_cursor = counted_to(group.shown(rows), rows, group.order(figure), cursor, PAGE)
    lines = group.lines(found, moment, present)
    context = {
        "page_title": label,
        "page_lead": definition,
        "breadcrumbs": [
            {"label": _("办件统计"), "url": address("supervision_statistics", month=query.get("month", ""))},
            {"label": label, "url": ""},
        ],
        "columns": [head for _key, head in group.columns],
        "lines": [[(head, line[key]) for key, head in group.columns] for line in lines],
        "exports": export_links(NAME, **query) if found else [],
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
