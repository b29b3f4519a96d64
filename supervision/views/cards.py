"""One warning or card: what it stands on, what became of it, and the decision about a proposal to revoke it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.models import CardReview, LimitWarning
from supervision.selectors.supervised import names_of, require_duty, supervised_cards
from supervision.views.parts import CARD_LIGHTS, address, review_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def card_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the card; POST proposes to revoke it, or revokes or upholds it where that is proposed."""
    actor = acting_user(request.user)
    require_duty(actor)
    card = _card(actor, pk)
    error, status = "", 200
    if request.method == "POST":
        try:
            _decide(request, actor, card)
            return redirect("supervision_card", pk=card.pk)
        except Invalid as refusal:
            error, status = f"{refusal.message}{refusal.cure}", 400
    return render(request, "supervision/card.html", _context(request, actor, card, error), status=status)


def _decide(request: HttpRequest, actor: Actor, card: LimitWarning) -> None:
    if request.POST.get("act") == CardReview.Act.PROPOSE:
        propose_revocation(card.pk, actor=actor, reason=request.POST.get("reason", ""))
        return
    proposal = request.POST.get("proposal", "")
    if not proposal.isdigit() or int(proposal) not in {row.pk for row in card.reviews.all()}:
        raise NotFound(_("没有找到这条建议，或者它不在您的监察范围内。"))
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    review_card(int(proposal), actor=actor, act=act, reason=reason)


def _card(actor: Actor, pk: int) -> LimitWarning:
    rows = supervised_cards(actor).select_related("application__matter", "application__hall")
    card = rows.prefetch_related("reviews__user", "reviews__notice").filter(pk=pk).first()
    if card is None:
        raise NotFound(_("没有找到这条预警或红黄牌，或者它不在您的监察范围内。"))
    return card


def _context(request: HttpRequest, actor: Actor, card: LimitWarning, error: str) -> dict[str, Any]:
    reviews = list(card.reviews.all())
    state = review_of(card)
    label = card.get_level_display()
    is_own = bool(reviews) and reviews[-1].is_own(actor.user_id, actor.person_code)
    case = card.application
    return {
        "page_title": _("%(level)s：%(number)s") % {"level": label, "number": case.display_number},
        "page_lead": _("登记后不改不删；撤销和维持都另记一条，原来的记录保留。"),
        "breadcrumbs": [
            {"label": _("电子监察"), "url": reverse("supervision")},
            {"label": _("预警和红黄牌"), "url": address("supervision_warnings")},
            {"label": label},
        ],
        "card": card,
        "light": CARD_LIGHTS[card.level],
        "facts": [
            {"term": _("办件"), "text": case.display_number, "url": reverse("case", args=[case.number])},
            {"term": _("事项"), "text": case.matter.name},
            {
                "term": _("时限"),
                "text": _("%(clock)s（看怎么算的）") % {"clock": CLOCK_LABELS[ClockKind(card.clock_kind)]},
                "url": reverse("clock_statement", args=[case.number, card.clock_id]),
            },
            {"term": _("记在谁名下"), "text": names_of({card.seat_path}).get(card.seat_path, "")},
            {"term": _("生效"), "text": f"{timezone.localtime(card.effective_at):%Y-%m-%d %H:%M}"},
            {"term": _("登记"), "text": f"{timezone.localtime(card.recorded_at):%Y-%m-%d %H:%M}"},
        ],
        **state,
        "reviews": [
            {
                "act": row.get_act_display(),
                "who": row.user.full_name,
                "reason": row.reason,
                "at": timezone.localtime(row.at),
                "notice_url": reverse("calendar_notice", args=[row.notice_id]) if row.notice_id else "",
            }
            for row in reviews
        ],
        "proposal": reviews[-1].pk if state["is_proposed"] and not is_own else None,
        "may_propose": not state["is_proposed"] and not state["is_revoked"],
        "is_own": is_own,
        "reason": request.POST.get("reason", ""),
        "error": error,
        "acts": [(CardReview.Act.REVOKE.value, _("撤销这张牌")), (CardReview.Act.UPHOLD.value, _("维持这张牌"))],
    }
