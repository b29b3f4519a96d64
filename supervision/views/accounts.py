"""责任追究: what defaults, red cards and unrectified orders opened, who held the duty then, what was done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound
from halls.selectors.work_calendar import read_moment
from halls.serving import served
from supervision.actions.take_evidence import take_evidence
from supervision.domain.orders import Act
from supervision.forms.card import DeedForm
from supervision.models import Accountability, AccountAct
from supervision.models.timeout import RED_CARD
from supervision.selectors.accounts import NEWEST, PAGE, account_of, accounts_listed, stage_of
from supervision.selectors.cards import watches_county
from supervision.selectors.supervised import require_duty
from supervision.views.defaults import frame
from supervision.views.export import Sheet, as_file, by_chunks, export_links, file_asked, post_words
from supervision.views.parts import address
from supervision.views.sheets import ACCOUNTS

Fault = Accountability.Fault


@login_required
@require_safe
def accountability(request: HttpRequest) -> HttpResponseBase:
    """Every record on the cases and the organs one supervises, with who held the duty when the limit ran out.

    `format` gives them as a file.
    """
    actor = acting_user(request.user)
    require_duty(actor)
    found = accounts_listed(actor)
    lead = _(
        "每次超时默认、每张发出的红牌和每张未整改的督办单登记一条，不改不删；责任人是时限届满那天在该机构任职的人，"
        "按时回复而没有整改的，是办结那天的。"
    )
    if form := file_asked(request):
        printed = by_chunks(NEWEST.ordered(found), lambda chunk: map(_account, chunk))
        sheet = Sheet(_("责任追究"), lead, post_words(actor), ACCOUNTS, printed)
        return as_file(form, sheet, read_moment().at)
    rows, next_cursor = NEWEST.after(found, request.GET.get("after", ""), PAGE)
    context = frame(actor, _("责任追究"), lead, "defaults_accountability", leaf=True) | {
        "rows": [_account(row) for row in rows],
        "exports": export_links("defaults_accountability") if rows else [],
        "next_url": address("defaults_accountability", after=next_cursor) if next_cursor else "",
        "first_url": reverse("defaults_accountability") if request.GET.get("after") else "",
    }
    return render(request, "supervision/defaults/accountability.html", context)


def _account(row: Accountability) -> dict[str, Any]:
    step = _("第 %(seq)d 环节 %(name)s") % {"seq": row.step_seq, "name": row.step_name} if row.step_seq else ""
    return _subject(row) | {
        "page_url": reverse("supervision_account", args=[row.pk]),
        "act": row.get_act_display() if row.act != RED_CARD else "",
        "fault": row.get_fault_display(),
        "is_organ": row.fault == Fault.ORGAN,
        "clock": _limit(row),
        "step": step,
        "organ": row.seat_name,
        "holders": [f"{one['name']}（{one['title'] or one['post']}）" for one in row.holders],
        "card_url": reverse("supervision_card", args=[row.card_id]) if row.card_id else "",
        "has_card": row.card_id is not None,
        "card_is_revoked": bool(getattr(row, "is_revoked", False)),
        "stage": stage_of(row).label,
        "citation": row.citation,
        "ran_out": row.ran_out,
        "breached_at": timezone.localtime(row.breached_at),
        "opened_at": timezone.localtime(row.opened_at),
    }


def _subject(row: Accountability) -> dict[str, Any]:
    """What the record is about: a case, an order, or an order about a case."""
    case, order = row.application, row.order
    found = {"name": row.number, "number": "", "url": "", "statement_url": "", "order": "", "order_url": ""}
    if case is not None:
        clock = reverse("clock_statement", args=[case.number, row.clock_id]) if row.clock_id else ""
        found |= {"name": case.display_number, "number": case.display_number, "matter": case.matter.name}
        found |= {"url": reverse("case", args=[case.number]), "statement_url": clock}
    if order is not None:
        found |= {"name": order.number, "order": order.number, "order_url": reverse("order", args=[order.pk])}
        found.setdefault("matter", order.title)
    return found


def _limit(row: Accountability) -> str:
    if row.order_id is not None:
        return CLOCK_LABELS[ClockKind.ORDER]
    return CLOCK_LABELS[ClockKind(row.clock.kind)] if row.clock else _("时限以外")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_page_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One record: who, why, what was done; the county's supervisor registers what is done."""
    actor = acting_user(request.user)
    require_duty(actor)
    account = _found(actor, pk)
    form = DeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            form.settle(account, actor)
        except Invalid as refusal:
            for problem in refusal.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message + problem.cure)
        else:
            messages.success(request, _("已登记。"))
            return redirect("supervision_account", pk=account.pk)
    stage = stage_of(account)
    county = watches_county(actor)
    row = _account(account)
    context = frame(actor, _("责任追究：%(number)s") % {"number": row["name"]}, "", "", leaf=True) | {
        "row": row,
        "facts": _facts(row) + _closing(account),
        "entries": [_entry(act) for act in stage.acts],
        "form": form,
        "may_settle": county and not stage.is_closed,
        "evidence_url": reverse("supervision_evidence", args=[account.pk]) if county and stage.is_referred else "",
        "downloads": [
            {"who": one.user.full_name, "at": timezone.localtime(one.at), "sha256": one.sha256}
            for one in account.downloads.all()
        ],
    }
    return render(request, "supervision/account.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence pack of a record that was referred; every download is registered."""
    pack = take_evidence(pk, actor=acting_user(request.user))
    return served(pack.data, "application/zip", pack.name, as_download=True)


def _found(actor: Actor, pk: int) -> Accountability:
    account = account_of(actor, pk)
    if account is None:
        raise NotFound(_("没有这条责任追究记录，或者它不在您的监察范围内。"))
    return account


def _facts(row: dict[str, Any]) -> list[dict[str, Any]]:
    card = _("红牌，已撤销") if row["card_is_revoked"] else _("红牌")
    order = {"term": _("督办单"), "text": row["order"], "url": row["order_url"]}
    case = {"term": _("办件"), "text": row["number"], "url": row["url"]}
    return [
        {"term": _("状态"), "text": row["stage"]},
        {"term": _("起因"), "text": row["act"] or card, "url": "" if row["act"] else row["card_url"]},
        *(fact for fact in (order, case) if fact["url"]),
        {"term": _("事项"), "text": row["matter"]},
        {"term": _("时限"), "text": f"{row['clock']} {row['step']}".strip(), "url": row["statement_url"]},
        {
            "term": _("届满") if row["ran_out"] else _("按时回复，未整改办结"),
            "text": f"{row['breached_at']:%Y-%m-%d %H:%M}",
        },
        {"term": _("登记"), "text": f"{row['opened_at']:%Y-%m-%d %H:%M}"},
        {"term": _("责任机构"), "text": row["organ"] if row["is_organ"] else row["fault"]},
        {"term": _("当时的责任人"), "text": "、".join(row["holders"]) or _("当天无人在岗"), "wide": True},
        {"term": _("依据"), "text": row["citation"], "wide": True},
    ]


def _closing(account: Accountability) -> list[dict[str, Any]]:
    """In which words the order was closed."""
    acts = account.order.acts.all() if account.order is not None else ()
    return [{"term": _("未整改的情况"), "text": act.words, "wide": True} for act in acts if act.act == Act.GIVE_UP]


def _entry(act: AccountAct) -> dict[str, Any]:
    what = act.get_stage_display()
    if act.measure:
        what = f"{what}：{act.get_measure_display()}"
    words = [act.person, act.decided_by, f"{act.done_on:%Y-%m-%d}" if act.done_on else "", act.document_no, act.note]
    return {
        "at": timezone.localtime(act.at),
        "who": act.user.full_name,
        "what": what,
        "reason": "；".join(word for word in words if word),
    }
