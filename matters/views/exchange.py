"""The catalogue as a file: exported by the filter of the list; imported as drafts, after a look at what it would do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from halls.acting import Actor, acting_user
from halls.clean_office import XLSX
from halls.domain.errors import Invalid, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions.import_drafts import DraftFromFile, import_drafts
from matters.domain.guide_table import TableFault, tables_of
from matters.forms.exchange import ConfirmForm, UploadForm
from matters.permissions import require_editor
from matters.querysets import MatterQuerySet
from matters.selectors.editing import matters_to_edit
from matters.selectors.exchange import CHANGED, FAULTY, NEW, UNCHANGED, Plan, contents_to_export, plan, read_file
from matters.views.explain import explain
from matters.views.parameters import parameter
from matters.workbook import written

SALT: Final = "matters.import"
PATIENCE: Final = 2 * 3600  # seconds between the look and the confirmation
LARGEST_PLAN: Final = 2_000_000  # below what a form may send
SHOWN: Final = 500
PLACES: Final = 5  # named one by one where a message repeats
LABELS = {NEW: "新增", CHANGED: "有改动", UNCHANGED: "没有改动", FAULTY: "有错误"}


@login_required
@require_safe
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """The guides of the list as a file that import_matters and this import read."""
    contents = contents_to_export(_chosen(request))
    return StreamingHttpResponse(
        _as_list(contents), content_type="application/json", headers={"Content-Disposition": _named("json")}
    )


def _as_list(contents: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for place, content in enumerate(contents):
        yield (",\n" if place else "\n") + json.dumps(content, ensure_ascii=False)
    yield "\n]\n"


@login_required
@require_safe
def export_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as an Excel file, a sheet for every list."""
    data = written(tables_of(contents_to_export(_chosen(request))))
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": _named("xlsx")})


def _chosen(request: HttpRequest) -> MatterQuerySet:
    require_editor(acting_user(request.user))
    names = ("theme", "department", "state", "severity", "rule")
    return matters_to_edit(parameter(request, "q"), **{name: parameter(request, name) for name in names})


def _named(extension: str) -> str:
    return f'attachment; filename="matters-{day_of(read_moment().at):%Y%m%d}.{extension}"'


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matter_import(request: HttpRequest) -> HttpResponse:
    """Upload, look, confirm."""
    actor = acting_user(request.user)
    require_editor(actor)
    if request.method != "POST":
        return _page(request, UploadForm())
    return _confirm(request, actor) if "plan" in request.POST else _look(request, actor)


def _look(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say what the file would do; nothing is written."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    upload = form.cleaned_data["file"]
    try:
        found = plan(*read_file(upload.read(), str(upload.name)), actor)
    except Invalid as refusal:
        for problem in refusal.problems:
            form.add_error("file", f"{problem.message}{problem.cure}")
        return _page(request, form, status=422)
    if not found.is_clean:
        return _page(request, UploadForm(), found, status=422)
    kept = signing.dumps(_kept(found, actor), salt=SALT, compress=True) if found.to_write else ""
    if len(kept) > LARGEST_PLAN:
        form.add_error("file", _("改动太多，一次放不下。请分部门分几次导入。"))
        return _page(request, form, status=422)
    return _page(request, UploadForm(), found, ConfirmForm(initial={"plan": kept}) if kept else None)


def _kept(found: Plan, actor: Actor) -> dict[str, Any]:
    rows = [[row.code, row.content, row.department_code, row.base] for row in found.to_write]
    return {"user": actor.user_id, "rows": rows}


def _confirm(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ConfirmForm(request.POST)
    try:
        kept = signing.loads(request.POST.get("plan", ""), salt=SALT, max_age=PATIENCE)
    except signing.BadSignature:
        kept = {}
    if kept.get("user") != actor.user_id:
        upload = UploadForm({})
        upload.add_error(None, _("核对页已过时。请重新上传文件。"))
        return _page(request, upload, status=422)
    wanted = [DraftFromFile(*row) for row in kept["rows"]]
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = import_drafts(wanted, actor=actor, reason=data["reason"], ordered_on=data["ordered_on"])
        except Invalid as refusal:
            explain(form, refusal)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message}{refusal.cure}")
            status = 409
        else:
            messages.success(request, _("已起草 %(n)d 份，还没有施行；请逐份核对。") % {"n": len(made)})
            return redirect("matter_drafts")
    return _page(request, UploadForm(), None, form, count=len(wanted), status=status)


def _page(
    request: HttpRequest,
    upload: forms.Form,
    found: Plan | None = None,
    confirm: forms.Form | None = None,
    *,
    count: int = 0,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": _("导入事项"),
        "page_lead": _("先看会改什么，再确认；确认后每个事项一份草稿，批准以前群众看到的不变。"),
        "upload": upload,
        "confirm": confirm,
        "form": confirm if confirm is not None and confirm.errors else upload,
        "count": len(found.to_write) if found is not None else count,
        "plan": _shown(found) if found is not None else None,
        "breadcrumbs": [{"label": _("事项管理"), "url": reverse("matter_catalogue")}, {"label": _("导入")}],
    }
    return render(request, "matters/import.html", context, status=status)


def _grouped(faults: Sequence[TableFault]) -> list[TableFault]:
    """Return each message once, with every place where it applies."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for one in faults:
        places.setdefault((one.field, one.message, one.cure), []).append(one.where)
    return [TableFault(_places(where), *said) for said, where in places.items()]


def _places(where: Sequence[str]) -> str:
    named = "、".join(where[:PLACES])
    return named if len(where) <= PLACES else _("%(places)s 等 %(n)d 处") % {"places": named, "n": len(where)}


def _shown(found: Plan) -> dict[str, Any]:
    every = [*found.lost, *(fault for row in found.of(FAULTY) for fault in row.faults)]
    faults = _grouped(every)
    counts = {label: len(found.of(state)) for state, label in LABELS.items()}
    if every:
        counts[_("错误共几处")] = len(every)
    return {
        "counts": [{"label": label, "count": count} for label, count in counts.items()],
        "faults": faults[:SHOWN],
        "more_faults": max(0, len(faults) - SHOWN),
        "rows": found.to_write[:SHOWN],
        "more_rows": max(0, len(found.to_write) - SHOWN),
        "is_clean": found.is_clean,
    }
