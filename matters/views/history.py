"""The history of a matter: its versions, what any two of them differ in, and the changes of its row."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment
from matters.permissions import require_editor
from matters.selectors.editing import matter_to_close
from matters.selectors.history import changes_between, row_lines, version_lines
from matters.views.parameters import parameter


@login_required
@require_safe
def matter_history(request: HttpRequest, code: str) -> HttpResponse:
    """?from=1&to=2 says in words what the second changed; without it, what the newest version changed."""
    require_editor(acting_user(request.user))
    found = matter_to_close(code)
    if found is None:
        raise NotFound(_("没有这个事项。"))
    versions = version_lines(code, read_moment())
    newest = versions[0].number if versions else 0
    older, newer = _number(request, "from", max(newest - 1, 1)), _number(request, "to", newest)
    changes = changes_between(code, older, newer)
    if changes is None:
        raise NotFound(_("没有这两个版本。"))
    numbers = [{"value": line.number, "label": _("第 %(n)d 版") % {"n": line.number}} for line in versions]
    context = {
        "page_title": _("沿革：%(name)s") % {"name": found.name},
        "page_lead": f"{code} · {found.department.name}",
        "versions": versions,
        "changes": changes,
        "older": older,
        "newer": newer,
        "filter_fields": [
            _select("from", _("从"), numbers, older),
            _select("to", _("到"), numbers, newer),
        ],
        "rows": row_lines(found),
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": found.name, "url": reverse("matter", args=[code])},
            {"label": _("沿革")},
        ],
    }
    return render(request, "matters/history.html", context)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = parameter(request, name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default


def _select(name: str, label: str, numbers: list[dict[str, object]], chosen: int) -> dict[str, object]:
    options = [one | {"selected": one["value"] == chosen} for one in numbers]
    return {"name": name, "label": label, "kind": "select", "options": options}
