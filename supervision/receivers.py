"""News from below: what the watch adds to the page of a case, and whom it tells that a guide was handed back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Application
from applications.signals import case_page_asked
from halls.acting import Actor
from halls.models import User
from matters.models import GuideDraft
from matters.signals import draft_checked, guide_handed_back
from supervision.actions.tell_approvers import tell_approvers
from supervision.actions.tell_people import tell_people
from supervision.domain.urging import why_not_urge
from supervision.models import LimitWarning, Message, SupervisionOrder, Urge
from supervision.models.card_review import is_issued
from supervision.selectors.cards import visible_cards
from supervision.selectors.orders import visible_orders
from supervision.selectors.supervised import supervised
from supervision.selectors.urges import urges_of
from supervision.views.card_siblings import beside, why_both


@receiver(case_page_asked, dispatch_uid="supervision.case_page")
def on_case_page(actor: Actor, application: Application, tab: str, **_news: Any) -> dict[str, list[dict[str, Any]]]:
    """Buttons for whoever supervises the case; its record is read only where it is shown (3 statements)."""
    found: dict[str, list[dict[str, Any]]] = {"verbs": _buttons(actor, application)}
    if tab == "record":
        entries = [entry for row in urges_of(application) for entry in _urge_entries(row)]
        orders = visible_orders(actor).filter(application=application).select_related("issued_by")
        cards = list(visible_cards(actor).filter(is_issued(), application=application).exclude(level="warning"))
        told = (_card_entry(one, why_both(one, beside(one, cards))) for one in cards)
        found["timeline"] = [*entries, *(_order_entry(one) for one in orders), *told]
    return found


@receiver(guide_handed_back, dispatch_uid="supervision.guide_handed_back")
def on_guide_handed_back(draft: GuideDraft, why: str, signers: Iterable[int], **_news: Any) -> None:
    """Whoever wrote and signed a guide hears that it did not come into force; nobody else would look."""
    words = _("「%(name)s」的新指南到施行日期没有发布：%(why)s签字已经作废，请在指南草稿里改好后重新核对、批准。")
    tell_people(
        User.objects.filter(pk__in=signers),
        Message.Kind.NOTICE,
        words % {"name": draft.name or draft.code, "why": why},
        key=f"guide_back:{draft.pk}:{draft.version}",
    )


@receiver(draft_checked, dispatch_uid="supervision.draft_checked")
def on_draft_checked(draft: GuideDraft, **_news: Any) -> None:
    tell_approvers(draft)


def _buttons(actor: Actor, application: Application) -> list[dict[str, Any]]:
    if not _watches(actor, application):
        return []
    stands = why_not_urge(application.status)
    return [
        {
            "label": _("催办"),
            "kind": "quiet",
            "url": "" if stands else reverse("case_urge", args=[application.number]),
            "disabled": stands is not None,
            "why_not": stands.message if stands else "",
        },
        {"label": _("督办"), "kind": "quiet", "url": f"{reverse('order_new')}?case={application.number}"},
    ]


def _watches(actor: Actor, application: Application) -> bool:
    """Whether the case lies in the actor's watch; asks the database only for the watch of a department."""
    if any(application.path.startswith(node) for node in actor.supervises):
        return True
    return any("~" in node for node in actor.supervises) and supervised(actor).filter(pk=application.pk).exists()


def _urge_entries(row: Urge) -> list[dict[str, Any]]:
    entry = {
        "at": timezone.localtime(row.at),
        "who": row.user.full_name,
        "post": row.office_name,
        "what": _("催办：%(names)s") % {"names": "、".join(one["name"] for one in row.whom)},
        "reason": row.reason,
        "kind": "mark",
        "document_url": reverse("urge", args=[row.pk]),
        "document_label": _("看催办和答复"),
    }
    answer = getattr(row, "answer", None)
    if answer is None:
        return [entry]
    said = {
        "at": timezone.localtime(answer.at),
        "who": answer.user.full_name,
        "what": _("答复催办"),
        "reason": answer.words,
    }
    return [entry, said]


def _card_entry(card: LimitWarning, note: str) -> dict[str, Any]:
    what = CLOCK_LABELS[ClockKind(card.clock_kind)] if card.clock_kind else card.get_fault_display()
    return {
        "at": timezone.localtime(card.recorded_at),
        "who": _("电子监察"),
        "what": _("%(level)s：%(what)s") % {"level": card.get_level_display(), "what": what},
        "reason": note,
        "kind": "mark",
        "document_url": reverse("supervision_card", args=[card.pk]),
        "document_label": _("看这张牌：记在谁名下、为什么"),
    }


def _order_entry(order: SupervisionOrder) -> dict[str, Any]:
    return {
        "at": timezone.localtime(order.issued_at),
        "who": order.issued_by.full_name,
        "post": order.issuer_name,
        "what": _("督办：%(number)s，发给%(organ)s（%(state)s）")
        % {"number": order.number, "organ": order.organ_name, "state": order.get_state_display()},
        "reason": order.demand,
        "kind": "mark",
        "document_url": reverse("order", args=[order.pk]),
        "document_label": _("打开督办单"),
    }
