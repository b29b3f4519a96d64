"""One page per verb: the form, and after it the case as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.lifecycle import BY_VERB, Verb
from applications.forms.base import VerbForm
from applications.forms.verbs import FORMS, CheckForm, ImmediateForm
from applications.models import Application, ApplicationMaterial
from applications.permissions import may, require, require_no_silence
from applications.selectors.case_page import status_label
from applications.selectors.lights import light
from applications.selectors.papers import basis_words
from applications.selectors.position import position_of
from applications.selectors.promises import expected_promise
from applications.selectors.silence import counts_from
from applications.selectors.special import warning_words
from applications.selectors.timetable import hall_due, timetable
from applications.views.case import CHECKLIST_VERBS, file_links
from applications.views.lookup import case_of
from halls.acting import Actor, acting_user
from halls.domain.budget import Budget
from halls.domain.errors import DomainError, Invalid, Refused, Stale
from halls.domain.worktime import day_of, due
from halls.selectors.work_calendar import Moment, read_moment


@dataclass(frozen=True)
class Act:
    """A page that does something to a case: one verb, or the immediate handling of several."""

    slug: str
    label: str
    form: type[VerbForm]
    basis: str
    is_destructive: bool = False
    verb: Verb | None = None


IMMEDIATE = "immediate"
# The papers that whoever did the act has to hand out now.
PAPER_WAITS: dict[Verb | None, str] = {
    Verb.SUSPEND: _("。《特别程序告知书》已经生成，请到「文书」里打印，送达申请人。"),
    Verb.EXTEND: _("。《延期办理告知书》已经生成，请到「文书」里打印，送达申请人。"),
}
ACTS: dict[str, Act] = {
    verb.value: Act(verb.value, row.label, form, row.basis, row.destructive, verb)
    for verb, form in FORMS.items()
    for row in (BY_VERB[verb],)
}
ACTS[IMMEDIATE] = Act(IMMEDIATE, _("当场办结"), ImmediateForm, "行政许可法 第三十四条第二款")


@login_required
@require_http_methods(["GET", "POST"])
def case_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Show the act's form, or do it."""
    actor = acting_user(request.user)
    act = ACTS.get(verb)
    if act is None:
        raise Http404
    application = case_of(actor, number)
    position = position_of(application)
    if request.method == "GET":
        if act.verb is not None:
            require(actor, act.verb, application, position)
            require_no_silence(act.verb, application, read_moment().at)
        form = act.form(application=application, position=position)
        form.require_possible()
        return _show(request, form, act, application)
    if act.verb is not None and not may(actor, act.verb, application, position):
        require(actor, act.verb, application, position)  # what alone is not possible now is said beside what was typed
    form = act.form(request.POST, request.FILES, application=application, position=position)
    return _done(request, form, act, actor) if form.is_valid() else _show(request, form, act, application, status=422)


def _done(request: HttpRequest, form: VerbForm, act: Act, actor: Actor) -> HttpResponse:
    """Do it, and go to the case; or show what stands in the way beside what was typed."""
    application, status = form.application, 409
    number = str(application.number)
    try:
        form.call(actor)
    except Stale as stale:
        application = case_of(actor, number)
        form = _brought_up_to_date(form, request.POST.copy(), application, act, stale)
    except (Invalid, Refused) as refusal:
        _explain(form, refusal)
        status = 409 if isinstance(refusal, Refused) else 422
    else:
        done = _("%(verb)s：%(number)s") % {"verb": act.label, "number": application.display_number}
        messages.success(request, done + PAPER_WAITS.get(act.verb, ""))
        return redirect("case", number=number)
    return _show(request, form, act, application, status=status)


def _brought_up_to_date(form: VerbForm, data: QueryDict, application: Application, act: Act, stale: Stale) -> VerbForm:
    """What was typed, on the case as it is now: whoever has read what changed presses once more."""
    data["version"] = str(application.version)
    fresh = act.form(data, form.files, application=application, position=position_of(application))
    fresh.is_valid()
    fresh.add_error(
        None,
        _("%(why)s这一件现在是「%(status)s」，您填写的内容还在。核对后如果仍要办理，请再按一次「%(verb)s」。")
        % {"why": stale.message, "status": status_label(application.status), "verb": act.label},
    )
    return fresh


def _explain(form: VerbForm, refusal: DomainError) -> None:
    """Put every problem where its field is."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    if not problems:
        form.add_error(None, f"{refusal.message}{refusal.cure}")
    for problem in problems:
        text = f"{problem.message}{problem.cure}"
        line = problem.field.removeprefix("materials.")
        field = f"check_{line}" if problem.field.startswith("materials.") else problem.field
        form.add_error(field if field in form.fields else None, text)


def _show(
    request: HttpRequest, form: VerbForm, act: Act, application: Application, *, status: int = 200
) -> HttpResponse:
    moment = read_moment()
    shown = light(application, moment)
    context: dict[str, Any] = {
        "page_title": _("核验材料") if act.verb in CHECKLIST_VERBS else act.label,
        "page_lead": f"{warning_words(act.verb, application, form.position.current)}{form.lead}",
        "form": form,
        "verb": act.slug,
        "button_label": act.label,
        "is_destructive": act.is_destructive,
        "basis": basis_words(act.basis, application.guide.kind),
        "number": application.number,
        "display_number": application.display_number,
        "matter": application.guide.name,
        "applicant": application.applicant.masked_name if application.applicant else "",
        "light_kind": shown.colour.value,
        "light_words": shown.words,
        "back_url": reverse("case", args=[application.number]),
    }
    template = "applications/verb.html"
    if isinstance(form, CheckForm):
        template = "applications/check.html"
        context |= _checklist(form, application, moment)
    return render(request, template, context, status=status)


# What "all that was brought is in order" means for a line: what is to come later stays open.
REST = {"not_needed": "not_needed", "later": ""}


def _checklist(form: CheckForm, application: Application, moment: Moment) -> dict[str, Any]:
    """The guide's checklist beside the papers, and the dates before the button is pressed."""
    choices = [c for c in ApplicationMaterial.Check.choices if c[0] != "unchecked"]
    rows, pictures = [], []
    for line in form.lines:
        chosen = form[f"check_{line.seq}"].value() or ""
        links = file_links(line)
        pictures += [
            {**link, "label": f"{line.material.name} {page}/{len(links)}"} for page, link in enumerate(links, 1)
        ]
        rows.append(
            {
                "key": line.seq,
                "name": line.material.name,
                "why": line.material.necessity_note,
                "necessity": line.material.get_necessity_display(),
                "form_words": f"{line.material.form} · {line.get_declared_display()}",
                "state_name": f"check_{line.seq}",
                "states": [{"value": v, "label": label, "checked": v == chosen} for v, label in choices],
                "reason_name": f"reason_{line.seq}",
                "reason_text": form[f"reason_{line.seq}"].value() or "",
                "rest": REST.get(line.declared, "ok"),
                "error": " ".join(str(e) for e in form.errors.get(f"check_{line.seq}", [])),
            }
        )
    silent = counts_from(application, moment.at)
    begins = Moment(silent or moment.at, moment.calendar)
    promise = expected_promise(application.accept_path, application.guide, day_of(begins.at))
    promised = due(begins.at, Budget(promise.days), moment.calendar)
    immediate = isinstance(form, ImmediateForm)
    stops = timetable(form.position, begins, promised=promise.days, published=promise.published)
    return {
        "lines": rows,
        "pictures": pictures,
        "immediate": immediate,
        "silent_since": silent and timezone.localtime(silent),
        "may_correct": not application.was_corrected and not immediate and not silent,
        "may_decline": not immediate and not silent,
        "promised_days": promise.days,
        "promised_by": promise.whose(),
        "promised_due": promised.due_at and timezone.localtime(promised.due_at),
        "promised_provisional": promised.provisional,
        "hall_due": hall_due(stops, application.accept_path),
        "decline_url": reverse("case_verb", args=[application.number, Verb.DECLINE.value]),
        "act_url": reverse("case_verb", args=[application.number, IMMEDIATE if immediate else Verb.ACCEPT.value]),
        "correct_url": reverse("case_verb", args=[application.number, Verb.REQUEST_CORRECTION.value]),
    }
