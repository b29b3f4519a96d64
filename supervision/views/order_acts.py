"""督办单: the reply of the organ, the acts of the issuer's office, papers and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.lifecycle import STATUS_LABELS, Status
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, Refused
from halls.selectors.work_calendar import read_moment
from halls.serving import served, stored
from supervision.actions.accept_reply import accept_reply
from supervision.actions.close_unrectified import close_unrectified
from supervision.actions.extend_order import extend_order
from supervision.actions.reply_order import reply_order
from supervision.actions.send_back_reply import send_back_reply
from supervision.actions.withdraw_order import withdraw_order
from supervision.domain.orders import ACT_LABELS, VERIFYING, Act
from supervision.forms.orders import ActForm, ReplyForm
from supervision.models import SupervisionOrder
from supervision.order_link import order_qr
from supervision.permissions.orders import require_possible, require_role
from supervision.selectors.order_papers import order_paper_of
from supervision.selectors.orders import case_light, file_of, standing_of
from supervision.views.order_parts import crumbs, facts_of
from supervision.views.orders import order_or_none
from supervision.views.parts import told
from supervision.views.term_parts import term_context

_ACTS: Mapping[Act, Callable[..., Any]] = {
    Act.ACCEPT: accept_reply,
    Act.SEND_BACK: send_back_reply,
    Act.GIVE_UP: close_unrectified,
    Act.EXTEND: extend_order,
    Act.WITHDRAW: withdraw_order,
}
_DANGEROUS = (Act.GIVE_UP, Act.WITHDRAW)


def _open(request: HttpRequest, actor: Actor, pk: int, act: Act) -> SupervisionOrder:
    """The order, where the actor may do this now: said before anything is typed.

    What was typed already comes to the action, which says the same; the form comes back with it.
    """
    found = order_or_none(actor, pk)
    acts, moment = list(found.acts.all()), read_moment()
    require_role(actor, act, found)
    if request.method != "POST":
        require_possible(actor, act, found, acts, standing_of(found, acts, moment.at))
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Reply for the organ, with files."""
    actor = acting_user(request.user)
    found = _open(request, actor, pk, Act.REPLY)
    form = ReplyForm(request.POST or None, request.FILES or None) if request.method == "POST" else ReplyForm()
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            reply_order(pk, actor=actor, words=form.cleaned_data["words"], papers=form.chosen())
        except (Invalid, Refused) as refusal:
            status = told(form, refusal)
        else:
            messages.success(request, _("已回复，等签发单位核验。"))
            return redirect("order", pk=pk)
    sent_back = next((row.words for row in found.acts.all() if row.act == Act.SEND_BACK), "")
    context = _form_context(actor, found, form, _("回复 %(number)s") % {"number": found.number}) | {
        "term": term_context(found.term, read_moment()),
        "facts": facts_of(found),
        "sent_back": sent_back,
        "button": _("提交回复"),
        "button_kind": "primary",
    }
    return render(request, "supervision/orders/reply.html", context, status=status if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act of the issuer's office: accept, send back, give up, extend, withdraw."""
    actor = acting_user(request.user)
    wanted = next((one for one in _ACTS if one == act), None)
    if wanted is None:
        raise NotFound(_("没有这样的办理。"))
    found = _open(request, actor, pk, wanted)
    light = case_light(found, read_moment()) if wanted in VERIFYING else None
    form, status = ActForm(request.POST or None, act=wanted, is_late=light is not None and light.is_red), 422
    if request.method == "POST" and form.is_valid():
        try:
            _ACTS[wanted](pk, actor=actor, **form.cleaned_data)
        except (Invalid, Refused) as refusal:
            status = told(form, refusal)
        else:
            messages.success(request, _("%(number)s：%(act)s。") % {"number": found.number, "act": ACT_LABELS[wanted]})
            return redirect("order", pk=pk)
    title = _("%(number)s：%(act)s") % {"number": found.number, "act": ACT_LABELS[wanted]}
    replies = [row for row in found.acts.all() if row.act == Act.REPLY]
    context = _form_context(actor, found, form, title) | {
        "last_reply": replies[-1].words if replies else "",
        "replied_at": timezone.localtime(replies[-1].at) if replies else None,
        "case_now": _case_now(found) if light is not None else [],
        "light": light,
        "button": ACT_LABELS[wanted],
        "button_kind": "danger" if wanted in _DANGEROUS else "primary",
    }
    return render(request, "supervision/orders/act.html", context, status=status if form.errors else 200)


def _case_now(found: SupervisionOrder) -> list[dict[str, Any]]:
    """The case as it stands now, beside what the organ says about it."""
    case = found.application
    assert case is not None  # it has a light
    rows: list[dict[str, Any]] = [
        {"term": _("办件"), "text": case.display_number, "url": reverse("case", args=[case.number])},
        {"term": _("状态"), "text": STATUS_LABELS[Status(case.status)][0]},
    ]
    if case.late_at is not None:
        rows.append({"term": _("最早到期"), "text": f"{timezone.localtime(case.late_at):%Y-%m-%d %H:%M}"})
    return rows


def _form_context(actor: Actor, found: SupervisionOrder, form: Any, title: str) -> dict[str, Any]:
    own = reverse("order", args=[found.pk])
    return {
        "page_title": title,
        "page_lead": found.title,
        "breadcrumbs": crumbs({"label": found.number, "url": own}, {"label": title}, watches=actor.has(Duty.SUPERVISE)),
        "order": found,
        "form": form,
        "back_url": own,
    }


@login_required
@require_safe
def order_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """督办通知单 or 回复单, to print."""
    found = order_or_none(acting_user(request.user), pk)
    paper = order_paper_of(found, kind, order_qr(request, found.pk))
    if paper is None:
        raise NotFound(_("没有这份文书：还没有回复的，没有回复单。"))
    context = {"paper": paper, "back_url": reverse("order", args=[found.pk])}
    return render(request, "base_print.html", context)


@login_required
@require_safe
def order_file(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """A file that came with a reply; a picture is shown, anything else is saved."""
    kept = file_of(acting_user(request.user), pk, file_id)
    if kept is None:
        raise NotFound(_("没有找到这个附件，或者它不在您的范围内。"))
    return served(stored(kept.sha256), kept.media_type, kept.name)
