"""代办件回访: which villagers are to be called this week, how far it is, and what they said."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from halls.acting import Actor, acting_user
from halls.domain.days import require_within_reach
from halls.domain.errors import Invalid, NotFound, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import Opinion
from supervision.actions.record_call import Answers, record_call
from supervision.actions.show_phone import Number, show_callbacks_phone
from supervision.domain.ratings import Channel
from supervision.figures import Figure, Present
from supervision.figures_ratings import CALLBACK_FIGURES, WEEK_FIGURES
from supervision.forms.ratings import CallForm
from supervision.models import Callback, CallbackCall
from supervision.permissions.ratings import worked_on
from supervision.selectors.ratings import NEWEST_CALLBACKS, PAGE, visible_callbacks, with_calls
from supervision.selectors.supervised import require_duty
from supervision.views.export import Sheet, as_file, by_chunks, export_links, file_asked, post_words
from supervision.views.parts import address
from supervision.views.ratings import tabs
from supervision.views.sheets import CALLBACKS

WEEKS_SHOWN = 8
LEAD = "每周从上一周送达的代办件里随机抽 5%，每个有办件的村至少 1 件，由乡镇或县里电话回访，经办人不参加。"


@login_required
@require_safe
def callbacks(request: HttpRequest) -> HttpResponseBase:
    """The cases that were drawn below one's nodes, the newest first, and how many of each week are done.

    `figure` narrows them to exactly those a number counted, `week` (its Monday) to those drawn from that week;
    `format` gives them as a file.
    """
    actor = acting_user(request.user)
    require_duty(actor)
    present = Present.at(read_moment().at)
    figure, week = _figure(request.GET.get("figure", "")), _week(request.GET.get("week", ""))
    seen = visible_callbacks(actor)
    rows = seen.filter(figure.condition(present)) if figure else seen
    rows = rows.filter(draw__week=week) if week else rows
    query = {"figure": figure.key if figure else "", "week": week.isoformat() if week else ""}
    title, lead = (figure.label, figure.definition) if figure else (_("代办件回访"), _(LEAD))
    if form := file_asked(request):
        printed = by_chunks(NEWEST_CALLBACKS.ordered(with_calls(rows)), lambda chunk: map(_row, chunk))
        return as_file(form, Sheet(title, lead, _scope(actor, week), CALLBACKS, printed), present.now)
    found, next_cursor = NEWEST_CALLBACKS.after(with_calls(rows), request.GET.get("after", ""), PAGE)
    context = {
        "page_title": title,
        "page_lead": lead,
        "tabs": tabs(actor, "callbacks"),
        "weeks": _weeks(seen, present),
        "chips": _chips(figure, week),
        "rows": [_row(one) for one in found],
        "exports": export_links("callbacks", **query) if found else [],
        "next_url": address("callbacks", **query, after=next_cursor) if next_cursor else "",
        "first_url": address("callbacks", **query) if request.GET.get("after") else "",
    }
    return render(request, "supervision/ratings/callbacks.html", context)


def _figure(key: str) -> Figure | None:
    """Raises Invalid for a figure that nobody defined."""
    known = WEEK_FIGURES | CALLBACK_FIGURES
    if key and key not in known:
        raise Invalid("unknown_figure", _("没有这个数字。"), field="figure", cure=_("请从回访页点开要看的数字。"))
    return known.get(key)


def _week(text: str) -> date | None:
    """Raises Invalid for what is no date."""
    try:
        return require_within_reach(date.fromisoformat(text), "week") if text else None
    except ValueError:
        raise Invalid(
            "week_unknown", _("看不懂这一周。"), field="week", cure=_("请写周一的日期，如 2026-03-02。")
        ) from None


def _chips(figure: Figure | None, week: date | None) -> list[dict[str, Any]]:
    """What the list is narrowed to, each with the address without it."""
    found = []
    if figure:
        found.append({"label": figure.label, "remove_url": address("callbacks", week=week.isoformat() if week else "")})
    if week:
        found.append(
            {"label": _week_words(week), "remove_url": address("callbacks", figure=figure.key if figure else "")}
        )
    return found


def _week_words(week: date) -> str:
    return _("%(y)d年%(m)d月%(d)d日起的一周") % {"y": week.year, "m": week.month, "d": week.day}


def _scope(actor: Actor, week: date | None) -> str:
    return "、".join([post_words(actor), _week_words(week)] if week else [post_words(actor)])


def _weeks(seen: Any, present: Present) -> list[dict[str, Any]]:
    """The last weeks, each number with the address of exactly its rows: one statement."""
    counts = {key: Count("pk", filter=figure.condition(present)) for key, figure in WEEK_FIGURES.items()}
    columns = ("draw__week", "draw__seed", "draw__population", "draw__percent")
    rows = seen.order_by("-draw__week").values(*columns).annotate(**counts)
    return [
        {
            "week": row["draw__week"],
            "seed": row["draw__seed"],
            "population": row["draw__population"],
            "percent": row["draw__percent"],
            "cells": [
                {
                    "value": row[key],
                    "label": figure.label,
                    "url": address("callbacks", figure=key, week=row["draw__week"].isoformat()),
                }
                for key, figure in WEEK_FIGURES.items()
            ],
        }
        for row in rows[:WEEKS_SHOWN]
    ]


def _row(one: Any) -> dict[str, Any]:
    case, calls = one.application, list(one.calls.all())
    last = calls[-1] if calls else None
    return {
        "url": reverse("callback", args=[one.pk]),
        "number": case.display_number,
        "matter": case.matter.name,
        "village": case.hall.short_name,
        "applicant": case.applicant.masked_name if case.applicant else "",
        "week": one.draw.week,
        "is_answered": one.is_answered,
        "tries": len(calls),
        "words": _result(last) if last is not None and last.is_reached else "",
        "is_alarming": last is not None and bool(last.has_paid or last.was_served is False or last.has_papers is False),
    }


def _result(call: CallbackCall) -> str:
    words = [
        _("委托属实") if call.was_served else _("没有委托过"),
        _("结果已收到") if call.has_papers else _("结果没有收到"),
        _("被收过费用") if call.has_paid else _("没有收费"),
    ]
    return "、".join([*words, call.note] if call.note else words)


@login_required
@require_http_methods(["GET", "POST"])
def callback_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One villager to be called: the questions, and what was said."""
    actor = acting_user(request.user)
    require_duty(actor)
    one = _callback(actor, pk)
    form, status = CallForm(request.POST if request.method == "POST" else None), 422
    if request.method == "POST" and form.is_valid():
        try:
            record_call(pk, actor=actor, is_reached=form.said("is_reached") is True, answers=_answers(form))
        except (Invalid, Refused) as refusal:
            form.explain(refusal)
            status = 409 if isinstance(refusal, Refused) else 422
        else:
            messages.success(request, _("已登记。"))
            return redirect("callbacks")
    return _show(request, actor, one, form, status=status if form.errors else 200)


def _answers(form: CallForm) -> Answers:
    level = form.cleaned_data["level"]
    opinion = Opinion(level, Channel.PHONE, text=form.cleaned_data["text"]) if level is not None else None
    asked = {name: form.said(name) for name in ("was_served", "has_papers", "has_paid")}
    return Answers(**asked, note=form.cleaned_data["note"], opinion=opinion)


def _show(
    request: HttpRequest, actor: Actor, one: Any, form: CallForm, number: Number | None = None, status: int = 200
) -> HttpResponse:
    row = _row(one)
    calls = [
        {
            "at": timezone.localtime(call.at),
            "who": call.user.full_name,
            "words": _result(call) if call.is_reached else _("没有接通　%(note)s") % {"note": call.note},
        }
        for call in one.calls.all()
    ]
    context = {
        "page_title": _("回访：%(number)s") % {"number": row["number"]},
        "page_lead": f"{row['matter']} · {row['village']} · {row['applicant']}",
        "breadcrumbs": [
            {"label": _("好差评"), "url": reverse("ratings")},
            {"label": _("代办件回访"), "url": reverse("callbacks")},
            {"label": row["number"]},
        ],
        "row": row,
        "calls": calls,
        "form": form,
        "number": number,
        "has_worked": worked_on(actor, one.application_id),
        "phone_url": reverse("callback_phone", args=[one.pk]),
    }
    response = render(request, "supervision/ratings/callback.html", context, status=status)
    if number is not None:
        response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def callback_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom to call; that it was looked at is written down."""
    actor = acting_user(request.user)
    require_duty(actor)
    number = show_callbacks_phone(pk, actor=actor)
    typed = CallForm(initial={name: request.POST[name] for name in CallForm.base_fields if name in request.POST})
    return _show(request, actor, _callback(actor, pk), typed, number)


def _callback(actor: Actor, pk: int) -> Callback:
    one = with_calls(visible_callbacks(actor)).filter(pk=pk).first()
    if one is None:
        raise NotFound(_("没有找到这件回访，或者它不在您的范围内。"))
    return one
