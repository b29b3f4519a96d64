"""Cards by the body that they blame, the cards of one's own body, and the card that is issued by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.numbers import parse_case_number
from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import require_county
from supervision.domain.faults import FAULTS
from supervision.domain.statistics import FEWEST_RANKED, covers
from supervision.figures import CARD_LISTS, Present
from supervision.forms.card import ChargeForm
from supervision.selectors import drill
from supervision.selectors.card_ranking import COLUMNS, card_ranking
from supervision.selectors.cards import bodies_of, own_cards, require_card_reader
from supervision.selectors.exclusions import exclusions_on
from supervision.selectors.supervised import names_of, require_duty, supervised
from supervision.views.exclusions import rule_row
from supervision.views.export import Sheet, as_file, export_links, file_asked, post_words
from supervision.views.lists import printed_cards
from supervision.views.parts import address, asked_present, card_rows, month_ways, shown_words, told
from supervision.views.sheets import CARDS


@login_required
@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """The bodies with cards in a month; those that are not ranked stand apart, with the rule that says so."""
    actor = acting_user(request.user)
    require_duty(actor)
    moment = read_moment()
    query = {"month": request.GET.get("month", "")[:64]}
    present = asked_present(query, moment.at)
    rules = exclusions_on(day_of(present.month))
    lines = card_ranking(actor, present)
    apart = [one for one in lines if any(covers(rule.path, one.path) for rule in rules)]
    ranked = [one for one in lines if one not in apart]
    is_ranked = len(ranked) >= FEWEST_RANKED
    context = {
        "page_title": _("红黄牌按单位统计"),
        "page_lead": present.worded(
            _(
                "本月发出的牌，红牌多的在前；待发和取消的不计，撤销的不再记在单位名下。"
                "不参加排名的，本月 1 日以后才开始的从下月起不排。"
            )
        ),
        "too_few": present.worded(_("本月可以比较的单位不足 %(n)d 个，不排名次。")) % {"n": FEWEST_RANKED}
        if ranked and not is_ranked
        else "",
        "month": month_ways("supervision_cards_ranking", query, present),
        "breadcrumbs": _crumbs(_("按单位看")),
        "columns": [
            {"label": present.worded(one.label), "definition": present.worded(one.definition)}
            for one in (CARD_LISTS[key] for key in COLUMNS)
        ],
        "lines": [_line(one, number if is_ranked else None, present) for number, one in enumerate(ranked, start=1)]
        + [_line(one, 0, present) for one in apart],
        "empty_title": present.worded(_("本月没有发牌")),
        "empty_why": present.worded(_("您监察的范围里，本月没有发出过黄牌和红牌。")),
        "exclusions": [rule_row(rule, day_of(moment.at)) for rule in rules],
    }
    return render(request, "supervision/ranking.html", context)


def _line(one: Any, number: int | None, present: Present) -> dict[str, Any]:
    """`number`: the place; 0 of whoever is not ranked by a rule, None where too few are compared."""
    month = present.month_text if present.is_earlier else ""
    return {
        "number": number,
        "name": one.name,
        "cells": [
            {
                "value": one.counts[key],
                "label": present.worded(CARD_LISTS[key].label),
                "url": address("supervision_warnings", figure=key, blamed=one.code, month=month) if one.code else "",
            }
            for key in COLUMNS
        ],
    }


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponseBase:
    """The issued cards of the bodies where the reader works: what one is blamed for is no secret."""
    actor = acting_user(request.user)
    require_card_reader(actor)
    title, lead = _("本单位的红黄牌"), _("有异议的，由负责决定的人在收到告知后 5 个工作日内申诉一次。")
    cards = own_cards(actor)
    if form := file_asked(request):
        sheet = Sheet(title, lead, post_words(actor), CARDS, printed_cards(cards))
        return as_file(form, sheet, read_moment().at)
    page = drill.card_page(cards, request.GET.get("after", ""))
    here = reverse("supervision_cards_own")
    context = {
        "page_title": title,
        "page_lead": lead,
        "breadcrumbs": [{"label": _("本单位的红黄牌")}],
        "is_own_body": True,
        "rows": [row | {"order_url": ""} for row in card_rows(page.rows, names_of({c.seat_path for c in page.rows}))],
        "shown": shown_words(page.total, len(page.rows), drill.COUNTED_TO),
        "exports": export_links("supervision_cards_own") if page.rows else [],
        "next_url": address("supervision_cards_own", after=page.next_cursor) if page.next_cursor else "",
        "first_url": here if request.GET.get("after") else "",
    }
    return render(request, "supervision/warnings.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """Ask for a card by hand: first the case, then the charge; another person of the county confirms it."""
    actor = acting_user(request.user)
    require_county(actor)
    context: dict[str, Any] = {
        "page_title": _("人工发牌"),
        "page_lead": _("时限以外的违规。提出后由另一位县监察员确认才发出，确认以前不计入、不告知。"),
        "breadcrumbs": _crumbs(_("人工发牌")),
        "faults": [fault for fault in FAULTS.values() if fault.ground],
        "number": request.GET.get("case", "")[:32],
    }
    if not request.GET.get("case"):
        return render(request, "supervision/issue.html", context, status=422 if request.method == "POST" else 200)
    try:
        number = parse_case_number(request.GET["case"])
    except Invalid as refusal:
        context["error"] = f"{refusal.message}{refusal.cure}"
        return render(request, "supervision/issue.html", context, status=422)
    return _charge(request, actor, number, context)


def _charge(request: HttpRequest, actor: Actor, number: str, context: dict[str, Any]) -> HttpResponse:
    case = supervised(actor).select_related("matter").defer("form").filter(number=number).first()
    if case is None:
        raise NotFound
    paths = bodies_of(case)
    names = names_of(paths)
    form = ChargeForm(
        request.POST if request.method == "POST" else None, bodies=[(path, names.get(path, path)) for path in paths]
    )
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            card = form.issue(case.pk, actor)
        except (Invalid, Refused) as refusal:
            status = told(form, refusal)
        else:
            messages.success(request, _("已提出，等待另一位县监察员确认。"))
            return redirect("supervision_card", pk=card.pk)
    context |= {"case": case, "form": form, "case_url": reverse("case", args=[case.number])}
    return render(request, "supervision/issue.html", context, status=status if form.errors else 200)


def _crumbs(label: str) -> list[dict[str, str]]:
    return [
        {"label": _("电子监察"), "url": reverse("supervision")},
        {"label": _("预警和红黄牌"), "url": reverse("supervision_warnings")},
        {"label": label},
    ]
