"""One warning or card: on what it stands, what became of it, and every act about it that the reader may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from halls.files import MAX_BYTES, refuse_size
from halls.selectors.work_calendar import read_moment
from halls.serving import served, stored
from supervision.actions.appeal_card import Enclosure, appeal_card
from supervision.actions.cancel_card import cancel_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import life
from supervision.selectors.cards import ground_of, read_card
from supervision.views.card_paper import paper_of
from supervision.views.card_parts import STATE_KINDS, entries_of, facts_of, figure_links, may_do
from supervision.views.card_siblings import links, seen_beside, why_both
from supervision.views.parts import CARD_LIGHTS, address

Act = CardReview.Act
DONE = {
    Act.CONFIRM: _("已发出，被发牌单位一分钟内收到告知。"),
    Act.CANCEL: _("已取消，记录保留。"),
    Act.APPEAL: _("申诉已提交，等候县监察员决定。"),
    Act.PROPOSE: _("已建议撤销，等候另一人决定。"),
    Act.REVOKE: _("已撤销，不再计入任何数字，记录保留。"),
    Act.UPHOLD: _("已维持。"),
    Act.ORDER: _("已转督办。"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def card_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the card; POST does the act that its button names."""
    actor = acting_user(request.user)
    card = read_card(actor, pk)
    error, status = "", 200
    if request.method == "POST":
        try:
            done = _act(request, actor, card)
        except (Invalid, Refused) as refusal:
            error, status = f"{refusal.message}{refusal.cure}", 409 if isinstance(refusal, Refused) else 400
            card = read_card(actor, pk)  # as it stands now
        else:
            messages.success(request, DONE[Act(done.act)])
            return redirect("supervision_card", pk=card.pk)
    return render(request, "supervision/card.html", _context(request, actor, card, error), status=status)


def _act(request: HttpRequest, actor: Actor, card: LimitWarning) -> CardReview:
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    plain: dict[str, Callable[..., CardReview]] = {
        Act.CONFIRM: confirm_card,
        Act.CANCEL: cancel_card,
        Act.PROPOSE: propose_revocation,
    }
    if act in plain:
        return plain[act](card.pk, actor=actor, reason=reason)
    if act == Act.APPEAL:
        return appeal_card(card.pk, actor=actor, reason=reason, enclosure=_enclosure(request))
    proposal = request.POST.get("proposal", "")
    is_number = proposal.isascii() and proposal.isdecimal()
    if not is_number or int(proposal) not in {row.pk for row in card.reviews.all()}:
        raise NotFound(_("没有找到这条建议，或者它不在您的监察范围内。"))
    return review_card(int(proposal), actor=actor, act=act, reason=reason)


def _enclosure(request: HttpRequest) -> Enclosure | None:
    upload = request.FILES.get("file")
    if upload is None:
        return None
    if upload.size is not None and upload.size > MAX_BYTES:
        raise refuse_size(upload.size)
    return Enclosure(upload.read(), upload.name or "")


@login_required
@require_safe
def card_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The card on A4."""
    actor = acting_user(request.user)
    card = read_card(actor, pk)
    context = {"paper": paper_of(card, actor, read_moment()), "back_url": reverse("supervision_card", args=[card.pk])}
    return render(request, "applications/paper.html", context)


@login_required
@require_safe
def card_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the body put beside its appeal."""
    card = read_card(acting_user(request.user), pk)
    appeal = next((row for row in card.reviews.all() if row.file_sha256), None)
    if appeal is None:
        raise NotFound(_("这张牌的申诉没有附件。"))
    return served(stored(appeal.file_sha256), appeal.file_type, appeal.file_name, as_download=True)


def _has_form(act: str, offers: dict[str, Any]) -> bool:
    """Whether the page still has the form of this act, where its error stands; else somebody was faster."""
    shown: dict[str, bool] = {
        Act.CONFIRM: offers["may_confirm"] or offers["may_cancel"],
        Act.CANCEL: offers["may_confirm"] or offers["may_cancel"],
        Act.APPEAL: offers["may_appeal"],
        Act.PROPOSE: offers["may_propose"],
    }
    return bool(shown.get(act, offers["doubt"]))


def _context(request: HttpRequest, actor: Actor, card: LimitWarning, error: str) -> dict[str, Any]:
    moment, state, others = read_moment(), life(card), seen_beside(card, actor)
    label = card.get_level_display()
    crumbs = [{"label": _("本单位的红黄牌"), "url": reverse("supervision_cards_own")}]
    if actor.supervises:
        crumbs = [
            {"label": _("电子监察"), "url": reverse("supervision")},
            {"label": _("预警和红黄牌"), "url": address("supervision_warnings")},
        ]
    offers, asked = may_do(card, actor, moment), request.POST.get("act", "")
    return {
        "page_title": _("%(level)s：%(number)s") % {"level": label, "number": card.application.display_number},
        "page_lead": _("登记后不改不删；取消、维持和撤销都另记一条，原来的记录保留。"),
        "breadcrumbs": [*crumbs, {"label": label}],
        "card": card,
        "light": CARD_LIGHTS[card.level],
        "state": state,
        "state_kind": STATE_KINDS[state.state],
        "facts": facts_of(card, ground_of(card), actor, moment),
        "beside": why_both(card, others),
        "others": links(others),
        "entries": entries_of(card),
        "figures": figure_links(card, actor, moment),
        **offers,
        "asked": asked,
        "refused": [{"text": error}] if error and not _has_form(asked, offers) else [],
        "reason": request.POST.get("reason", ""),
        "error": error,
        "acts": [(Act.REVOKE.value, _("撤销这张牌")), (Act.UPHOLD.value, _("维持这张牌"))],
    }
