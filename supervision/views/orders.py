"""督办单: the list, one order with everything about it, and the form that issues one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.lifecycle import STATUS_LABELS, Status
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.paging import LONGEST_ID
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import require_standing
from supervision.actions.issue_order import issue_order
from supervision.domain.orders import ACT_LABELS, REPLY_DAYS, Act
from supervision.forms.orders import OrderForm
from supervision.forms.organs import LOOK
from supervision.models import SupervisionOrder
from supervision.models.card_review import life
from supervision.permissions.orders import issuer_of, offers
from supervision.selectors.accounts import account_of_order, stage_of
from supervision.selectors.cards import effective_of, ground_of
from supervision.selectors.order_subjects import Subject, subject_of
from supervision.selectors.orders import (
    BOXES,
    NEWEST_FIRST,
    PAGE,
    concerns,
    orders_in,
    organs_below,
    standing_of,
    whole_order,
)
from supervision.selectors.supervised import require_duty
from supervision.views.card_parts import why_words
from supervision.views.export import Sheet, as_file, by_chunks, export_links, file_asked, post_words
from supervision.views.order_parts import (
    STATE_KINDS,
    act_entries,
    box_tabs,
    crumbs,
    facts_of,
    files_of,
    light_of,
    order_rows,
)
from supervision.views.parts import address, told
from supervision.views.sheets import ORDERS
from supervision.views.term_parts import term_context


@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponseBase:
    """One box of the list: to reply, to verify, issued, overdue, closed. `format` gives it as a file."""
    actor = acting_user(request.user)
    if not concerns(actor):
        raise NotPermitted(
            "no_orders",
            _("您现在的岗位不签发也不回复督办单。"),
            cure=_("督办单由监察员签发，由承办单位负责人回复。如果您应当有这项职责，请联系系统管理员核对岗位。"),
        )
    watches = actor.has(Duty.SUPERVISE)
    box = request.GET.get("box", "") or ("all" if watches else "reply")
    if box not in BOXES:
        raise Invalid("unknown_box", _("没有这一类督办单。"), field="box", cure=_("请从督办单页面点开要看的一类。"))
    boxes = BOXES if watches else {key: label for key, label in BOXES.items() if key not in ("verify", "issued")}
    moment = read_moment()
    found = orders_in(box, actor, moment.at)
    lead = _("承办单位在 5 个工作日内回复，签发单位核验后了结；每一步都有记录，不改不删。")
    if form := file_asked(request):
        printed = by_chunks(NEWEST_FIRST.ordered(found), lambda chunk: order_rows(chunk, moment))
        label = _("督办单：%(box)s") % {"box": BOXES[box]}
        return as_file(form, Sheet(label, lead, post_words(actor), ORDERS, printed), moment.at)
    rows, next_cursor = NEWEST_FIRST.after(found, request.GET.get("after", ""), PAGE)
    context = {
        "page_title": _("督办单"),
        "page_lead": lead,
        "breadcrumbs": [*crumbs(watches=watches)[:-1], {"label": _("督办单")}],
        "tabs": box_tabs(boxes, box),
        "rows": order_rows(rows, moment),
        "exports": export_links("orders", box=box) if rows else [],
        "next_url": address("orders", box=box, after=next_cursor) if next_cursor else "",
        "first_url": address("orders", box=box) if request.GET.get("after") else "",
        "new_url": reverse("order_new") if watches else "",
    }
    return render(request, "supervision/orders/list.html", context)


@login_required
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one order: what was asked, how long there is, what was done."""
    actor = acting_user(request.user)
    found = order_or_none(actor, pk)
    acts, moment = list(found.acts.all()), read_moment()
    open_acts = offers(actor, found, acts, standing_of(found, acts, moment.at))
    has_reply = any(row.act == Act.REPLY for row in acts)
    papers = [("notice", _("督办通知单"))] + [("reply", _("督办事项回复单"))] * has_reply
    at = {
        "notice": found.issued_at,
        "reply": max((row.at for row in acts if row.act == Act.REPLY), default=found.issued_at),
    }
    light = light_of(found, moment)
    context = {
        "page_title": found.number,
        "order": found,
        "status": found.get_state_display(),
        "status_kind": STATE_KINDS[found.state],
        "light_kind": "" if "bare" in light else light["kind"],
        "light_words": light["words"],
        "breadcrumbs": crumbs({"label": found.number}, watches=actor.has(Duty.SUPERVISE)),
        "facts": facts_of(found) + _account_of(actor, found),
        "term": {**term_context(found.term, moment), "light": light},
        "timeline": act_entries(found, acts),
        "files": files_of(found, acts),
        "papers": [
            {"label": label, "url": reverse("order_paper", args=[found.pk, kind]), "at": timezone.localtime(at[kind])}
            for kind, label in papers
        ],
        "verbs": [_button(found, act, why) for act, why in open_acts.items()],
    }
    return render(request, "supervision/orders/order.html", context)


def _account_of(actor: Actor, found: SupervisionOrder) -> list[dict[str, Any]]:
    """The record of accountability that the order opened, for whoever supervises its organ."""
    account = account_of_order(actor, found)
    if account is None:
        return []
    url = reverse("supervision_account", args=[account.pk])
    return [{"term": _("责任追究"), "text": stage_of(account).label, "url": url}]


def order_or_none(actor: Actor, pk: int) -> SupervisionOrder:
    """Return the order with its acts. Raises NotFound, the same for unknown and unseen."""
    found = whole_order(actor, pk)
    if found is None:
        raise NotFound(_("没有找到这张督办单，或者它不在您的范围内。"))
    return found


def _button(found: SupervisionOrder, act: Act, why: str) -> dict[str, Any]:
    kinds = {Act.REPLY: "primary", Act.ACCEPT: "primary", Act.GIVE_UP: "danger", Act.WITHDRAW: "danger"}
    url = reverse("order_reply", args=[found.pk]) if act is Act.REPLY else reverse("order_act", args=[found.pk, act])
    return {
        "label": ACT_LABELS[act],
        "kind": kinds.get(act, "quiet"),
        "url": "" if why else url,
        "disabled": bool(why),
        "why_not": why,
    }


# --- issuing --------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest) -> HttpResponse:
    """Issue an order; `?case=` or `?card=` fills in what it is about and whom it goes to."""
    actor = acting_user(request.user)
    require_duty(actor)
    case, card = _asked(request)
    subject = subject_of(actor, case=case, card=card) if case or card is not None else None
    if subject is not None:
        issuer_of(subject.organ_path, actor)  # said before anything is typed
        if subject.card is not None:
            require_standing(life(subject.card).state)
    organs = () if subject else organs_below(actor.supervises)
    looks = LOOK in request.POST  # for an organ, by name: nothing is judged, and nothing typed is lost
    typed = _first_words(subject) | (request.POST.dict() if looks else {})
    form = OrderForm(None if looks else request.POST or None, organs=organs, subject=subject, initial=typed)
    status = 422
    if form.is_bound and form.is_valid():
        try:
            issued = issue_order(form.wanted(case, card), actor=actor)
        except (Invalid, Refused) as refusal:
            status = told(form, refusal)
        else:
            messages.success(request, _("已签发 %(number)s，承办单位已收到提醒。") % {"number": issued.number})
            return redirect("order", pk=issued.pk)
    context = {
        "page_title": _("签发督办单"),
        "page_lead": _("签发后自次日起 %(n)d 个工作日内回复；文号自动编排，签发后不能改。") % {"n": REPLY_DAYS},
        "breadcrumbs": crumbs({"label": _("签发督办单")}, watches=True),
        "form": form,
        "about": _about(subject),
        "back_url": reverse("case", args=[subject.application.number])
        if subject and subject.application
        else reverse("orders"),
    }
    return render(request, "supervision/orders/new.html", context, status=status if form.errors else 200)


def _asked(request: HttpRequest) -> tuple[str, int | None]:
    card = request.GET.get("card", "")
    if card and (not card.isascii() or not card.isdecimal() or len(card) > LONGEST_ID):
        raise NotFound(_("没有找到这条预警或红黄牌，或者它不在您的监察范围内。"))
    return request.GET.get("case", "").replace("\0", "")[:32], int(card) if card else None


def _first_words(subject: Subject | None) -> dict[str, str]:
    """What the form says before anybody types: what is known of the case and the card, and the usual demand."""
    if subject is None or subject.application is None:
        return {}
    case, card = subject.application, subject.card
    known = {"number": case.display_number, "matter": case.matter.name, "organ": subject.organ_name}
    held = _("办件 %(number)s（%(matter)s）由%(organ)s承办，目前状态为“%(status)s”。") % {
        **known,
        "status": STATUS_LABELS[Status(case.status)][0],
    }
    if card is not None:
        held = _(
            "办件 %(number)s（%(matter)s）由%(organ)s承办，因%(why)s被发%(level)s，"
            "该%(level)s自%(effective)s生效、%(recorded)s登记。"
        ) % {
            **known,
            "why": why_words(card, ground_of(card).rule),
            "effective": _day(effective_of(card) or card.recorded_at),
            "recorded": _day(card.recorded_at),
            "level": card.get_level_display(),
        }
    demand = _("请立即办理该件并查明原因，明确责任人和整改措施，在回复期限内书面回复。")
    return {"facts": held, "demand": demand}


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y年%-m月%-d日}"


def _about(subject: Subject | None) -> list[dict[str, Any]]:
    if subject is None or subject.application is None:
        return []
    case, card = subject.application, subject.card
    rows: list[dict[str, Any]] = [
        {"term": _("办件"), "text": case.display_number, "url": reverse("case", args=[case.number])},
        {"term": _("事项"), "text": case.matter.name},
        {"term": _("承办单位"), "text": subject.organ_name},
    ]
    if card is not None:
        url = reverse("supervision_card", args=[card.pk])
        rows.append({"term": _("红黄牌"), "text": card.get_level_display(), "url": url})
    return rows
