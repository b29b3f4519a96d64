"""The case page: everything one may see and do about a case, from one source."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from applications.actions.attach import may_attach
from applications.actions.reveal import reveal
from applications.domain.lifecycle import OPEN, Status, Verb
from applications.domain.paper_titles import title_of
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationMaterial, Clock, Document
from applications.permissions import may_handle_immediately, offers
from applications.selectors import case_page
from applications.selectors.lights import light
from applications.selectors.position import Position, position_of
from applications.selectors.promises import CasePromise, promise_of
from applications.selectors.standing import may_hand_out_code, works_on
from applications.selectors.waterfall import promised_waterfall
from applications.signals import case_page_asked
from applications.views.lookup import case_of
from halls.acting import Actor, acting_user
from halls.selectors.work_calendar import Moment, read_moment

# Both buttons of the checklist live on one page.
CHECKLIST_VERBS = (Verb.ACCEPT, Verb.REQUEST_CORRECTION)


TABS = {"way": _("流转"), "materials": _("材料"), "limits": _("时限"), "papers": _("文书"), "record": _("记录")}


@login_required
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case; each tab has an address of its own."""
    actor = acting_user(request.user)
    application = case_of(actor, number)
    return render(request, "applications/case.html", page_of(actor, application, request.GET.get("tab", "way")))


def page_of(actor: Actor, application: Application, tab: str = "way") -> dict[str, Any]:
    """The context of the case page: its head, and the tab that is open."""
    moment = read_moment()
    position = position_of(application)
    clocks = case_page.CaseClocks(application, moment)
    shown = light(application, moment)
    promised, promise = clocks.of_kind(ClockKind.PROMISED), promise_of(application)
    here = reverse("case", args=[application.number])
    tab = tab if tab in TABS else "way"
    shown_tab = _tab(tab, application, position, clocks, promise, may_attach=may_attach(actor, application))
    added = case_page_asked.send(sender=Application, actor=actor, application=application, tab=tab)
    return {
        "page_title": application.guide.name,
        "number": application.number,
        "display_number": application.display_number,
        **case_page.shown_status(application, application.guide.kind),
        "light_kind": shown.colour.value,
        "light_words": shown.words,
        "due": application.due_at and timezone.localtime(application.due_at),
        "due_provisional": promised is not None and promised.is_provisional,
        "due_paused": promised is not None and promised.state == Clock.State.PAUSED,
        "due_url": reverse("clock_statement", args=[application.number, promised.pk]) if promised else "",
        "seat": application.seat_name if application.status in OPEN - {Status.CORRECTING} else "",
        "whereabouts": whereabouts(application),
        "facts": case_page.facts(application, promise, with_form=works_on(actor, application, position)),
        "verbs": verb_links(actor, application, position, moment) + _from_above(added, "verbs"),
        "tab": tab,
        "may_reprint": may_hand_out_code(actor, application),
        "tabs": [{"label": label, "url": f"{here}?tab={name}", "current": name == tab} for name, label in TABS.items()],
        "to_supply": _to_supply(application),
        **_with_entries(shown_tab, _from_above(added, "timeline")),
    }


def _from_above(added: list[tuple[Any, Any]], part: str) -> list[dict[str, Any]]:
    """What other rooms add to one part of the page."""
    return [one for _receiver, answer in added if answer for one in answer.get(part, ())]


def _with_entries(shown: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The open tab; in the record every entry stands at its moment, newest first."""
    if not entries or "timeline" not in shown:
        return shown
    return {"timeline": sorted([*shown["timeline"], *entries], key=lambda one: one["at"], reverse=True)}


def _to_supply(application: Application) -> list[str]:
    """What the one notice asked for, while it is awaited."""
    if application.status != Status.CORRECTING:
        return []
    faulty = application.materials.filter(check_result__in=("missing", "wrong")).select_related("material")
    return [
        _("「%(name)s」%(fault)s：%(cure)s")
        % {"name": line.material.name, "fault": line.get_check_result_display(), "cure": line.check_reason}
        for line in faulty.order_by("seq")
    ]


def _tab(
    tab: str,
    application: Application,
    position: Position,
    clocks: case_page.CaseClocks,
    promise: CasePromise,
    *,
    may_attach: bool,
) -> dict[str, Any]:
    """What only the open tab needs."""
    if tab == "materials":
        lines = application.materials.select_related("material").prefetch_related("files").order_by("seq")
        return {"materials": [_material(line) for line in lines], "may_attach": may_attach, "key": application.key}
    if tab == "limits":
        return {
            "waterfall": promised_waterfall(position, clocks, application.accept_path),
            "clocks": clocks.rows({step.seq: step.name for step in position.steps}, promise),
        }
    if tab == "papers":
        return {"papers": [_paper(application, paper) for paper in application.documents.all()]}
    if tab == "record":
        return {"timeline": case_page.timeline(application)}
    return {"stair": case_page.stair(application, position, clocks, promise)}


def _paper(application: Application, paper: Document) -> dict[str, Any]:
    return {
        "title": title_of(paper.kind, paper.content.get("matter_kind", "")),
        "number": paper.number,
        "at": timezone.localtime(paper.issued_at),
        "url": reverse("case_paper", args=[application.number, paper.pk]),
    }


def whereabouts(application: Application) -> str:
    """Where the result lies or is on its way to; "" before there is one."""
    if application.status not in (Status.READY, Status.REFUSED):
        return ""
    what = _("决定书") if application.status == Status.REFUSED else _("结果")
    last = application.hand_overs.order_by("-pk").first()
    if application.destination_path and last is not None:
        words = {"what": what, "origin": last.from_name, "target": last.to_name}
        return _("%(what)s正从%(origin)s送往%(target)s，等待签收") % words
    if last is not None:
        return _("%(what)s在%(place)s，等待领取") % {"what": what, "place": last.to_name}
    return _("%(what)s在%(place)s，等待领取或移交") % {"what": what, "place": application.seat_name}


def verb_links(actor: Actor, application: Application, position: Position, moment: Moment) -> list[dict[str, Any]]:
    """The buttons: the table's rows this person may use, the first one primary."""
    links: list[dict[str, Any]] = []
    if may_handle_immediately(actor, application, position):
        url = reverse("case_verb", args=[application.number, "immediate"])
        links.append({"label": _("当场办结"), "kind": "primary", "url": url})
    found = offers(actor, application, position, moment.at)
    main = _main_verb([offer.row.verb for offer in found if not offer.why_not and not offer.row.destructive])
    for offer in found:
        row = offer.row
        if row.verb is Verb.REQUEST_CORRECTION:
            continue  # a button of the checklist page
        is_first = row.verb is main
        links.append(
            {
                "label": _("核验材料") if row.verb is Verb.ACCEPT else row.label,
                "kind": "danger" if row.destructive else ("primary" if is_first else "quiet"),
                "url": "" if offer.why_not else reverse("case_verb", args=[application.number, row.verb.value]),
                "disabled": bool(offer.why_not),
                "why_not": offer.why_not,
            }
        )
    order = {"quiet": 0, "primary": 1, "danger": 2}
    return sorted(links, key=lambda link: (order[link["kind"]] == 2, -order[link["kind"]]))


def _main_verb(verbs: list[Verb]) -> Verb | None:
    """The act the step is there for: to decide, to begin the procedure; else the first of the table."""
    return next((verb for verb in (Verb.GRANT, Verb.SUSPEND) if verb in verbs), verbs[0] if verbs else None)


def _material(line: ApplicationMaterial) -> dict[str, Any]:
    kinds = {"ok": "good", "missing": "waiting", "wrong": "waiting", "not_needed": "ended"}
    checked = line.check_result != ApplicationMaterial.Check.UNCHECKED
    declared = line.declared != ApplicationMaterial.Declared.UNKNOWN
    shown = line.get_check_result_display() if checked else (line.get_declared_display() if declared else "")
    return {
        "key": line.seq,
        "name": line.material.name,
        "why": line.check_reason or line.material.necessity_note,
        "necessity": line.material.get_necessity_display(),
        "form_words": line.material.form,
        "state": shown,
        "state_kind": kinds.get(line.check_result, "draft"),
        "files": file_links(line),
    }


def file_links(line: ApplicationMaterial) -> list[dict[str, str]]:
    """The files of a checklist line that were not taken away."""
    links = []
    for kept in line.files.all():
        if kept.removed_at is not None:
            continue
        url = reverse("material_file", args=[kept.pk])
        is_image = kept.media_type.startswith("image/")
        links.append(
            {
                "url": url,
                "label": kept.name,
                "thumb_url": reverse("material_thumb", args=[kept.pk]) if is_image else "",
                "kind": "image" if is_image else "file",
            }
        )
    return links


@login_required
@require_POST
def reveal_applicant(request: HttpRequest, number: str) -> HttpResponse:
    """Show identity number and phone once, with the reason on record."""
    actor = acting_user(request.user)
    application = case_of(actor, number)
    clear = reveal(application.pk, actor=actor, reason=request.POST.get("reason", ""))
    context = page_of(actor, application) | {"clear": clear}
    messages.info(request, _("已记录您查看了申请人信息。"))
    response = render(request, "applications/case.html", context)
    response["Cache-Control"] = "no-store"
    return response
