"""Pages for everybody: the landing page, and where a case is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from applications.actions.look_up import look_up
from applications.domain.lifecycle import ENDED, Status
from applications.domain.lights import Colour
from applications.domain.paper_titles import REFUSAL, title_of
from applications.domain.transitions import ClockKind
from applications.forms.public import ProgressForm
from applications.progress_link import progress_path
from applications.selectors.case_page import STATUS_KINDS
from applications.selectors.progress import Progress, Stair
from applications.selectors.public import Beside, Term, asked_most, beside
from applications.selectors.statement import public_statements
from applications.selectors.statement_rows import day_rows, facts, no_days_words, pause_words
from applications.selectors.statement_words import WEEKDAYS, day_short
from applications.selectors.waterfall import waterfall_of
from halls.domain.errors import Invalid, NotFound
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.selectors.bundles import open_bundles
from matters.shipped import composed_common

# What each running clock means to the person who waits, in the order in which it is told.
DATES = {
    ClockKind.SUPPLEMENT: gettext_lazy("请最晚这天补齐材料"),
    ClockKind.SPECIAL: gettext_lazy("暂停到这天过完，这段时间不计入办理时限"),
    ClockKind.PRE_REVIEW: gettext_lazy("窗口最晚这天看完材料"),
    ClockKind.ACCEPTANCE: gettext_lazy("最晚这天答复受不受理"),
    ClockKind.STEP: gettext_lazy("这一步最晚这天办完"),
    ClockKind.PROMISED: gettext_lazy("承诺最晚这天办结"),
    ClockKind.DELIVERY: gettext_lazy("最晚这天把结果送到"),
}


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """The first page of the site; people at work go on to their desk."""
    if request.user.is_authenticated:
        return redirect("home")
    matters = [{"name": matter.name, "url": reverse("guide", args=[matter.code])} for matter in asked_most()]
    bundles = [
        {"name": name, "url": reverse("bundle", args=[code])}
        for code, name in open_bundles().values_list("code", "name")
    ]
    context = {"page_title": _("首页"), "matters": matters, "bundles": bundles, "is_composed": composed_common()}
    return render(request, "public/home.html", context)


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Number and code. An unknown number and a wrong code get the same answer."""
    form = ProgressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = look_up(form.cleaned_data["number"], form.cleaned_data["code"], client=_client(request))
        except (Invalid, NotFound) as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, f"{refusal.message}{refusal.cure}")
        else:
            # On to an address that can be loaded again, kept, and shown in the other size of type.
            return redirect(progress_path(found.number))
    context = {"page_title": _("查进度"), "form": form}
    return render(request, "public/progress_form.html", context, status=422 if form.errors else 200)


@require_GET
def progress_by_token(request: HttpRequest, ticket: str) -> HttpResponse:
    """Where the case is, for whoever holds its receipt: number and token with a dot between."""
    number, _dot, token = ticket.partition(".")
    found = look_up(number, token, client=_client(request))
    extra = beside(found.number)
    context = {
        "page_title": _("办到哪一步了"),
        "case": found,
        "status_kind": STATUS_KINDS.get(found.status, "active"),
        "light_kind": "" if found.light.colour in (Colour.NONE, Colour.DONE) else found.light.colour.value,
        "stair": stair(found, extra),
        "dates": dates(found, extra),
        "papers": [
            {"title": title_of(paper.kind, found.matter_kind), "at": timezone.localtime(paper.at)}
            for paper in extra.papers
        ],
        "guide_url": reverse("guide", args=[found.matter_code]),
        "limits_url": reverse("progress_limits", args=[ticket]),
        "may_rate": found.status in ENDED,
    }
    return _unlisted(render(request, "public/progress.html", context))


@require_GET
def progress_limits(request: HttpRequest, ticket: str) -> HttpResponse:
    """How every date of the case was counted: the staff's statement without the names of people."""
    number, _dot, token = ticket.partition(".")
    found = look_up(number, token, client=_client(request))
    asked = read_moment()
    context = {
        "page_title": _("日期是怎么算的"),
        "case": found,
        "clocks": [
            {"statement": statement, "anchor": f"{statement.kind}-{place}", "rows": day_rows(statement, asked.at)}
            | {"facts": facts(statement), "waterfall": waterfall_of(statement)}
            | {"empty_words": no_days_words(statement), "pause_words": pause_words(statement)}
            | {"named": f"{place}. {statement.label} {statement.step}".rstrip()}
            for place, statement in enumerate(public_statements(found.number, asked), start=1)
        ],
        "asked_at": asked.at,
        "back_url": reverse("progress_by_token", args=[ticket]),
    }
    return _unlisted(render(request, "public/limits.html", context))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _client(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def stair(found: Progress, extra: Beside) -> list[dict[str, Any]]:
    """The way up from the village and back down: handed in, accepted, the steps of the guide, in your hand."""
    steps = [_filed(found, extra), *_acceptance(found, extra)]
    steps += [
        {"level": step.level, "name": step.name, "where": step.place, "state": step.state}
        for step in found.stairs
        if not step.is_leading
    ]
    last = _handing(found, extra)
    if last["state"] == "current":
        _settle(found, steps, last)
    return [*steps, last]


def _handing(found: Progress, extra: Beside) -> dict[str, Any]:
    """The last step: where the result is to be handed out; once it was, where and when that was."""
    name = _("送到您手上")
    if found.is_refused:
        name = _("《%(paper)s》送到您手上") % {"paper": title_of(REFUSAL, found.matter_kind)}
    step = {"level": extra.tier, "name": name, "where": found.hall, "state": _last_state(found)}
    if found.status == Status.DELIVERED and found.ended_at:
        step |= {"where": found.where, "when": day_short(day_of(found.ended_at), found.asked_on)}
    return step


def _settle(found: Progress, steps: list[dict[str, Any]], last: dict[str, Any]) -> None:
    """One place at a time: the step that still holds the result, or the hall where it is handed out."""
    holding = [step for step in steps if step["state"] == "current"]
    if holding and found.status == Status.READY and found.where != found.hall:
        last["state"] = "todo"
        return
    for step in holding:
        step["state"] = "done" if found.status == Status.READY else "skipped"


def _filed(found: Progress, extra: Beside) -> dict[str, Any]:
    when = day_short(day_of(found.submitted_at), found.asked_on) if found.submitted_at else ""
    return {"level": extra.tier, "name": _("交材料"), "where": found.hall, "state": "done", "when": when}


def _acceptance(found: Progress, extra: Beside) -> list[dict[str, Any]]:
    accept = {"level": extra.accept_tier, "name": _("受理"), "where": extra.accept_place, "state": "current"}
    if found.accepted_at:
        return [accept | {"state": "done", "when": day_short(day_of(found.accepted_at), found.asked_on)}]
    if found.status == Status.CORRECTING:
        mend = {"level": extra.tier, "name": _("补材料"), "where": found.hall, "state": "current"}
        return [mend, accept | {"state": "todo"}]
    if found.status == Status.DECLINED:
        return [accept | {"name": _("不予受理"), "state": "done"}]
    return [accept | {"state": "skipped"} if found.status == Status.WITHDRAWN else accept]


def _last_state(found: Progress) -> str:
    if found.status == Status.DELIVERED:
        return "done"
    if found.status in (Status.DECLINED, Status.WITHDRAWN):
        return "skipped"
    return "current" if found.status in (Status.READY, Status.REFUSED) else "todo"


def dates(found: Progress, extra: Beside) -> list[dict[str, Any]]:
    """The dates that run, each with what it means; what comes in addition is told beside what it is added to."""
    to_come = [stair for stair in found.stairs if stair.extra and stair.state in AHEAD and stair.seq not in extra.begun]
    return [
        {
            "words": _meaning(extra.terms[kind], str(words), to_come, found.asked_on),
            "due": timezone.localtime(extra.terms[kind].due_at),
            "short": timezone.localtime(extra.terms[kind].due_at).year == found.asked_on.year,
            "provisional": extra.terms[kind].is_provisional,
        }
        for kind, words in DATES.items()
        if kind in extra.terms
    ]


AHEAD = ("current", "todo")


def _meaning(term: Term, words: str, to_come: Sequence[Stair], today: date) -> str:
    if term.closed_at is not None:
        closed = day_of(term.closed_at)
        return _("%(words)s；承办单位最晚 %(day)s（周%(weekday)s）办结这一步") % {
            "words": words,
            "day": day_short(closed, today),
            "weekday": WEEKDAYS[closed.weekday()],
        }
    waiting = [stair for stair in to_come if stair.state == "current"]
    if term.kind is ClockKind.STEP and waiting:
        return _("最晚这天开始「%(name)s」；%(extra)s不计入承诺时间，开始后另行告知结束日") % {
            "name": waiting[0].name,
            "extra": waiting[0].extra,
        }
    if term.kind is ClockKind.PROMISED and to_come:
        told = "、".join(f"「{stair.name}」{stair.extra}" for stair in to_come)
        return _("%(words)s；%(told)s不计入，要另加，开始后另行告知结束日") % {"words": words, "told": told}
    return words
