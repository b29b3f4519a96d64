"""The linter for the catalogue's editors: which departments' guides are good, which rules are broken most."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.domain.errors import NotFound
from matters.domain.lint import SEVERITY_LABELS, definition
from matters.permissions import require_editor
from matters.selectors.lint import DepartmentLine, RuleLine, lint_overview
from matters.views.lint_marks import TAG_KINDS
from matters.views.parameters import parameter


@login_required
@require_safe
def matter_lint(request: HttpRequest) -> HttpResponse:
    """Score by department and broken rules by frequency, for ?department= alone; every number opens its rows."""
    require_editor(acting_user(request.user))
    department = parameter(request, "department")
    overview = lint_overview(department)
    if department and not overview.departments:
        raise NotFound(_("没有这个部门的指南检查结果。"))
    name = overview.departments[0].name if department else ""
    crumbs = [{"label": _("事项管理"), "url": reverse("matter_catalogue")}]
    crumbs += [{"label": _("指南检查"), "url": reverse("matter_lint")}, {"label": name}] if name else []
    context = {
        "page_title": _("指南检查：%(name)s") % {"name": name} if name else _("指南检查"),
        "page_lead": _("对照指南要素、法律和群众用语逐条检查，每晚一次。得分怎么算，写在本页末尾。"),
        "definition": definition(),
        "guides": overview.guides,
        "guides_url": _rows(department=department),
        "score": overview.score,
        "departments": [] if name else [_department(line) for line in overview.departments],
        "rules": [_rule(line, department) for line in overview.rules],
        "breadcrumbs": crumbs if name else [*crumbs, {"label": _("指南检查")}],
    }
    return render(request, "matters/lint.html", context)


def _department(line: DepartmentLine) -> dict[str, Any]:
    figures = (("error", line.errors), ("warning", line.warnings), ("hint", line.hints))
    return {
        "name": line.name,
        "score": line.score,
        "url": f"{reverse('matter_lint')}?{urlencode({'department': line.code})}",
        "guides": {"count": line.guides, "url": _rows(department=line.code)},
        "figures": [
            {"label": SEVERITY_LABELS[kind], "count": count, "url": _rows(department=line.code, severity=kind)}
            for kind, count in figures
        ],
    }


def _rule(line: RuleLine, department: str) -> dict[str, Any]:
    rule = line.rule
    return {
        "title": rule.title,
        "severity": SEVERITY_LABELS[rule.severity],
        "kind": TAG_KINDS[rule.severity],
        "why": rule.why,
        "citation": rule.citation,
        "count": line.guides,
        "url": _rows(department=department, rule=rule.code),
    }


def _rows(**narrowed: str) -> str:
    """Return the address of exactly the matters that a number counted."""
    query = urlencode({name: value for name, value in narrowed.items() if value})
    return f"{reverse('matter_catalogue')}?{query}" if query else reverse("matter_catalogue")
