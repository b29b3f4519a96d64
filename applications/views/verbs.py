"""One page per verb: the form, and after it the case as it stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.lifecycle import BY_VERB, Verb
from applications.forms.verbs import FORMS, CheckForm, VerbForm
from applications.models import Application, ApplicationMaterial
from applications.permissions import require
from applications.selectors.lights import light
from applications.selectors.position import Position, position_of
from applications.views.case import CHECKLIST_VERBS, file_links
from applications.views.lookup import case_of
from halls.acting import acting_user
from halls.domain.budget import Budget
from halls.domain.errors import Invalid
from halls.domain.worktime import due
from halls.selectors.work_calendar import Moment, read_moment


@login_required
@require_http_methods(["GET", "POST"])
def case_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Show the verb's form, or do it."""
    actor = acting_user(request.user)
    if verb not in FORMS:
        raise Http404
    application = case_of(actor, number)
    position = position_of(application)
    row = BY_VERB[Verb(verb)]
    form_class = FORMS[row.verb]
    if request.method == "GET":
        require(actor, row.verb, application, position)
        form = form_class(application=application, position=position)
        return _show(request, form, row.verb, application, position)
    form = form_class(request.POST, request.FILES, application=application, position=position)
    if form.is_valid():
        try:
            form.call(actor)
        except Invalid as refusal:
            _explain(form, refusal)
        else:
            messages.success(
                request, _("%(verb)s：%(number)s") % {"verb": row.label, "number": application.display_number}
            )
            return redirect("case", number=number)
    return _show(request, form, row.verb, application, position, status=422)


def _explain(form: VerbForm, refusal: Invalid) -> None:
    """Put every problem where its field is."""
    if not refusal.problems:
        form.add_error(None, f"{refusal.message}{refusal.cure}")
    for problem in refusal.problems:
        text = f"{problem.message}{problem.cure}"
        line = problem.field.removeprefix("materials.")
        field = f"check_{line}" if problem.field.startswith("materials.") else problem.field
        form.add_error(field if field in form.fields else None, text)


def _show(
    request: HttpRequest,
    form: VerbForm,
    verb: Verb,
    application: Application,
    position: Position,
    *,
    status: int = 200,
) -> HttpResponse:
    moment = read_moment()
    row = BY_VERB[verb]
    shown = light(application, moment)
    context: dict[str, Any] = {
        "page_title": _("核验材料") if verb in CHECKLIST_VERBS else row.label,
        "page_lead": form.lead,
        "form": form,
        "verb": verb.value,
        "button_label": row.label,
        "is_destructive": row.destructive,
        "basis": row.basis,
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


def _checklist(form: CheckForm, application: Application, moment: Moment) -> dict[str, Any]:
    """The guide's checklist beside the papers, and the dates before the button is pressed."""
    choices = [c for c in ApplicationMaterial.Check.choices if c[0] != "unchecked"]
    rows, pictures = [], []
    for line in form.lines:
        chosen = form[f"check_{line.seq}"].value() or ""
        pictures += file_links(line)
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
                "error": " ".join(str(e) for e in form.errors.get(f"check_{line.seq}", [])),
            }
        )
    promised = due(moment.at, Budget(application.guide.promised_days), moment.calendar)
    return {
        "lines": rows,
        "pictures": pictures,
        "may_correct": not application.was_corrected,
        "promised_days": application.guide.promised_days,
        "promised_due": promised.due_at and timezone.localtime(promised.due_at),
        "promised_provisional": promised.provisional,
        "decline_url": reverse("case_verb", args=[application.number, Verb.DECLINE.value]),
        "accept_url": reverse("case_verb", args=[application.number, Verb.ACCEPT.value]),
        "correct_url": reverse("case_verb", args=[application.number, Verb.REQUEST_CORRECTION.value]),
    }
