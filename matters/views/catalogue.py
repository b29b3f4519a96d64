"""The catalogue for its editors: every matter with its versions, drafts and acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import NotFound
from matters.domain.catalogue import SAMPLE_BASES
from matters.models import GuideDraft, Matter, MatterClosing, MatterVersion
from matters.permissions import approvable, may_edit, require_editor, why_not_confirm
from matters.selectors import guide_of, guide_text
from matters.selectors.closings import waiting_closing, waiting_closings
from matters.selectors.drafts import checked_drafts
from matters.selectors.editing import STATES, drafts_by_code, matters_to_edit, versions_of
from matters.selectors.shelves import Shelf, Shelves, shelves_of
from matters.views import lint_marks
from matters.views.closing import ACTS
from matters.views.drafts import STATE_KINDS
from matters.views.own_hall import own_hall
from matters.views.parameters import address, page_number, parameter

PAGE = 40


@login_required
@require_safe
def matter_catalogue(request: HttpRequest) -> HttpResponse:
    """All matters with version and the sources of their figures; the address carries the filter."""
    actor = acting_user(request.user)
    require_editor(actor)
    chosen = {name: parameter(request, name) for name in ("theme", "department", "state", "severity", "rule")}
    words, page = parameter(request, "q"), page_number(request)
    start = (page - 1) * PAGE
    matters = matters_to_edit(words, **chosen)
    rows = list(matters[start : start + PAGE + 1])
    everything = Matter.objects.filter(current__isnull=False)
    shelves = shelves_of(everything)
    context = {
        "page_title": _("事项管理"),
        "page_lead": _("全部事项的现行版本、时限、数据来源和检查结果。"),
        "lint_url": reverse("matter_lint"),
        "own_hall": own_hall(actor),
        "closings": [
            {"name": one.matter.name, "verb": one.verb, "url": reverse("matter", args=[one.matter.code])}
            for one in waiting_closings(actor)
        ],
        "waiting": _waiting(actor),
        "exports": [
            {"label": label, "url": f"{reverse(name)}?{request.GET.urlencode()}"}
            for name, label in (("matter_export_xlsx", _("导出 Excel")), ("matter_export_json", _("导出 JSON")))
        ],
        "rows": _rows(rows[:PAGE], actor),
        "filter_fields": [
            {"name": "q", "label": _("名称、别名或拼音"), "kind": "search", "value": words},
            _select("department", _("部门"), shelves.departments, chosen["department"]),
            _select("theme", _("主题"), shelves.themes, chosen["theme"]),
            _select("state", _("状态"), _states(), chosen["state"]),
            _select("severity", _("检查结果"), lint_marks.severities(), chosen["severity"]),
            _select("rule", _("违反的规则"), lint_marks.rules(), chosen["rule"]),
        ],
        "chips": [
            {"label": label, "remove_url": address(request, **{name: "", "page": ""})}
            for name, label in _said(words, chosen, shelves).items()
        ],
        "clear_url": request.path,
        "shown": _("第 %(first)d–%(last)d 项") % {"first": start + 1, "last": start + min(len(rows), PAGE)}
        if rows
        else "",
        "prev_url": address(request, page=page - 1 if page > 2 else "") if page > 1 else "",
        "next_url": address(request, page=page + 1) if len(rows) > PAGE else "",
    }
    return render(request, "matters/catalogue.html", context)


def _waiting(actor: Actor) -> str:
    """Return 等您批准 n where drafts wait for this person's signature."""
    count = len(approvable(actor, checked_drafts(actor)))
    return _("等您批准 %(n)d 份") % {"n": count} if count else ""


def _said(words: str, chosen: dict[str, str], shelves: Shelves) -> dict[str, str]:
    """Return what the list is narrowed to now, in words."""
    labels = {
        "department": {shelf.value: shelf.label for shelf in shelves.departments},
        "theme": {shelf.value: shelf.label for shelf in shelves.themes},
        "state": {shelf.value: shelf.label for shelf in _states()},
        "severity": {shelf.value: shelf.label for shelf in lint_marks.severities()},
        "rule": {shelf.value: shelf.label for shelf in lint_marks.rules()},
    }
    said = {"q": words} if words else {}
    return said | {name: labels[name].get(value, value) for name, value in chosen.items() if value}


def _states() -> tuple[Shelf, ...]:
    labels = (_("在用"), _("暂停"), _("时限为示例数据"), _("时限有公开出处"))
    return tuple(Shelf(value, label, 0) for value, label in zip(STATES, labels, strict=True))


def _select(name: str, label: str, shelves: tuple[Shelf, ...], chosen: str) -> dict[str, Any]:
    options = [{"value": "", "label": _("全部"), "selected": not chosen}]
    options += [
        {
            "value": shelf.value,
            "label": f"{shelf.label}（{shelf.count}）" if shelf.count else shelf.label,
            "selected": shelf.value == chosen,
        }
        for shelf in shelves
    ]
    return {"name": name, "label": label, "kind": "select", "options": options}


def _rows(matters: Sequence[Matter], actor: Actor) -> list[dict[str, Any]]:
    """One line a matter, with a link to its open draft for whoever edits it."""
    drafts = drafts_by_code((matter.code for matter in matters), actor)
    return [_row(matter, drafts.get(matter.code)) for matter in matters]


def _draft_mark(draft: GuideDraft | None) -> dict[str, Any] | None:
    if draft is None:
        return None
    url = reverse("matter_draft", args=[draft.pk])
    return {"state": draft.get_state_display(), "kind": STATE_KINDS[draft.state], "url": url}


def _row(matter: Matter, draft: GuideDraft | None) -> dict[str, Any]:
    version = matter.current
    assert version is not None  # asked for in the query
    return {
        "draft": _draft_mark(draft),
        "url": reverse("matter", args=[matter.code]),
        "code": matter.code,
        "name": matter.name,
        "department": matter.department.name,
        "theme": matter.theme,
        "is_paused": matter.paused_on is not None,
        "lint": lint_marks.mark(matter),
        **_version_row(version),
    }


def _version_row(version: MatterVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "published_at": version.published_at,
        "superseded_at": version.superseded_at,
        "handling": version.get_handling_display(),
        "promise": guide_text.duration(version.promised_days, MatterVersion.LimitUnit.WORKING_DAY),
        "promise_is_sample": version.promised_basis in SAMPLE_BASES,
        "statute": guide_text.statute(version) if version.statutory_amount else "",
        "statute_is_sample": version.statutory_basis in SAMPLE_BASES,
    }


@login_required
@require_safe
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """One matter: its versions, and the guide of the one asked for (?version=2), else the newest."""
    actor = acting_user(request.user)
    require_editor(actor)
    versions = versions_of(code)
    asked = parameter(request, "version")
    shown = next((v for v in versions if str(v.number) == asked), None) if asked else next(iter(versions), None)
    if shown is None:
        raise NotFound(_("没有这个事项，或者没有这个版本。"))
    may_change = may_edit(actor, shown.matter.department)
    draft = drafts_by_code([code], actor).get(code)
    context = {
        "guide": guide_of(shown),
        "may_change": may_change and shown.matter.abolished_on is None,
        "draft": _draft_mark(draft),
        "acts": _acts(shown.matter),
        "closing": _closing_mark(waiting_closing(code), acting_user(request.user), shown.matter),
        "page_title": shown.name,
        "page_lead": f"{code} · {shown.matter.department.name}",
        "versions": [
            {**_version_row(version), "url": address(request, version=version.number), "is_shown": version == shown}
            for version in versions
        ],
        "lint": lint_marks.report_shown(shown),
        "breadcrumbs": [{"label": _("事项管理"), "url": reverse("matter_catalogue")}, {"label": shown.name}],
    }
    return render(request, "matters/matter.html", context)


def _closing_mark(closing: MatterClosing | None, actor: Actor, matter: Matter) -> dict[str, Any] | None:
    """Who proposed to close it, and what this person may do about it."""
    if closing is None:
        return None
    what = _("并入「%(name)s」") % {"name": closing.into.name} if closing.into else _("取消这个事项")
    mays = may_edit(actor, matter.department)
    why = why_not_confirm(actor, closing)
    return {
        "text": _("%(who)s提出%(what)s，理由：%(why)s。还没有生效，等另一位事项管理员确认。")
        % {"who": closing.proposed_by.full_name, "what": what, "why": closing.reason},
        "confirm_url": reverse("matter_close", args=[matter.code, "confirm"]) if mays and not why else "",
        "drop_url": reverse("matter_close", args=[matter.code, "drop"]) if mays else "",
    }


def _acts(found: Matter) -> list[dict[str, str]]:
    """Return what may be done with the matter as a whole, each on a page of its own with its consequences."""
    names = ("reopen" if found.paused_on else "pause", "merge", "abolish")
    return [{"label": str(ACTS[name].label), "url": reverse("matter_close", args=[found.code, name])} for name in names]
