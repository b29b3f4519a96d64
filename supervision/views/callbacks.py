"""代办件回访: which villagers are to be called this week, how far it is, and what they said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotFound
from supervision.actions._put_rating import Opinion
from supervision.actions.record_call import Answers, record_call
from supervision.actions.show_phone import Number, show_callbacks_phone
from supervision.domain.ratings import Channel
from supervision.forms.ratings import CallForm
from supervision.models import Callback, CallbackCall
from supervision.permissions.ratings import worked_on
from supervision.selectors.ratings import NEWEST_CALLBACKS, PAGE, visible_callbacks, with_calls
from supervision.selectors.supervised import require_duty
from supervision.views.parts import address
from supervision.views.ratings import tabs

WEEKS_SHOWN = 8


@login_required
@require_safe
def callbacks(request: HttpRequest) -> HttpResponse:
    """The cases that were drawn below one's nodes, the newest first, and how many of each week are done."""
    actor = acting_user(request.user)
    require_duty(actor)
    seen = visible_callbacks(actor)
    found, next_cursor = NEWEST_CALLBACKS.after(with_calls(seen), request.GET.get("after", ""), PAGE)
    context = {
        "page_title": _("代办件回访"),
        "page_lead": _(
            "每周从上一周送达的代办件里随机抽 5%，每个有办件的村至少 1 件，由乡镇或县里电话回访，经办人不参加。"
        ),
        "tabs": tabs(actor, "callbacks"),
        "weeks": _weeks(seen),
        "rows": [_row(one) for one in found],
        "next_url": address("callbacks", after=next_cursor) if next_cursor else "",
        "first_url": reverse("callbacks") if request.GET.get("after") else "",
    }
    return render(request, "supervision/ratings/callbacks.html", context)


def _weeks(seen: Any) -> list[dict[str, Any]]:
    answered = Exists(CallbackCall.objects.filter(callback=OuterRef("pk"), is_reached=True))
    paid = Exists(CallbackCall.objects.filter(callback=OuterRef("pk"), has_paid=True))
    rows = (
        seen.annotate(is_done=answered, is_paid=paid)
        .order_by("-draw__week")
        .values("draw__week", "draw__seed", "draw__population", "draw__percent")
        .annotate(drawn=Count("pk"), done=Count("pk", filter=Q(is_done=True)), paid=Count("pk", filter=Q(is_paid=True)))
    )
    return [
        {
            "week": row["draw__week"],
            "seed": row["draw__seed"],
            "population": row["draw__population"],
            "percent": row["draw__percent"],
            "drawn": row["drawn"],
            "done": row["done"],
            "paid": row["paid"],
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
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_call(pk, actor=actor, is_reached=form.said("is_reached") is True, answers=_answers(form))
        except Invalid as refusal:
            form.explain(refusal)
        else:
            messages.success(request, _("已登记。"))
            return redirect("callbacks")
    return _show(request, actor, one, form)


def _answers(form: CallForm) -> Answers:
    level = form.cleaned_data["level"]
    opinion = Opinion(level, Channel.PHONE, text=form.cleaned_data["text"]) if level is not None else None
    asked = {name: form.said(name) for name in ("was_served", "has_papers", "has_paid")}
    return Answers(**asked, note=form.cleaned_data["note"], opinion=opinion)


def _show(request: HttpRequest, actor: Actor, one: Any, form: CallForm, number: Number | None = None) -> HttpResponse:
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
    response = render(request, "supervision/ratings/callback.html", context, status=422 if form.errors else 200)
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
    return _show(request, actor, _callback(actor, pk), CallForm(), number)


def _callback(actor: Actor, pk: int) -> Callback:
    one = with_calls(visible_callbacks(actor)).filter(pk=pk).first()
    if one is None:
        raise NotFound(_("没有找到这件回访，或者它不在您的范围内。"))
    return one
