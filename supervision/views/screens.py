"""Pages for walls (县指挥大屏, 大厅屏), and for letting screens in. On a wall nobody clicks and nobody is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import NotFound, NotPermitted
from halls.models import Hall
from halls.selectors.near import place_of
from halls.selectors.work_calendar import read_moment
from supervision.actions.shut_screen_out import shut_screen_out
from supervision.banners import outage_banner
from supervision.figures import CARD_FIGURES, FIGURES, LIGHTS, Present
from supervision.forms.screen import ScreenForm
from supervision.models import Screen
from supervision.selectors import dashboard, read_watch
from supervision.selectors.screens import hall_shown, halls_for_screens, screen_of, screens_of, wall_watcher
from supervision.selectors.wall import SHOWN, hall_today, late_lines, states_today
from supervision.voice_link import qr_of, speak_path

COOKIE: Final = "screen"
COOKIE_SECONDS: Final = 400 * 24 * 3600  # as long as browsers keep one
PLACES: Final = 10
WALL_FIGURES: Final = ("open", "red", "yellow", "green", "paused", "none", "due_today", "overdue")
WALL_MONTH: Final = ("received_month", "concluded_month", "on_time_month", "late_month")


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The county's wall: three pages in turn."""
    actor = wall_watcher(_person(request), screen_of(request.COOKIES.get(COOKIE, "")))
    return _screen(request, "wall", lambda: _wall(actor))


@require_safe
def hall_screen(request: HttpRequest, code: str) -> HttpResponse:
    """What moves in a hall today, when it is open, and how one looks a case up or complains: six statements."""
    hall = hall_shown(code, _person(request), screen_of(request.COOKIES.get(COOKIE, "")))

    def read() -> dict[str, Any]:
        watch, moment = read_watch(), read_moment()
        present = Present.at(moment.at)
        rows = hall_today(hall, present)
        for row in rows:
            row["at"] = timezone.localtime(row["at"])
        return {
            "page_title": _("%(hall)s今日办件") % {"hall": hall.name},
            "beat": watch.heartbeat,
            "states": states_today(hall, present),
            "place": place_of(hall, moment),
            "ways": _ways(request, hall),
            "updated_at": moment.at,
            "now_serving": rows[0] if rows else None,
            "rows": rows[:SHOWN],
            "has_more": len(rows) > SHOWN,
        }

    return _screen(request, "hall_screen", read)


@require_safe
def screen_open(request: HttpRequest, token: str) -> HttpResponse:
    """The address that is typed into a screen once: from then on its cookie opens its page."""
    screen = screen_of(token)
    if screen is None:
        raise NotFound(_("这个大屏地址不能用：可能已经停用，或抄错了。"))
    is_wall = screen.kind == Screen.Kind.WALL
    answer = redirect(reverse("wall") if is_wall else reverse("hall_screen", args=[screen.hall.code]))
    answer.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def screens(request: HttpRequest) -> HttpResponse:
    """The screens that were let in, and the form that lets one in; its address is shown once."""
    actor = acting_user(request.user)
    _require_screens(actor)
    form = ScreenForm(request.POST if request.method == "POST" else None, halls=halls_for_screens(actor))
    let_in = form.save(actor) if request.method == "POST" and form.is_valid() else None
    context = {
        "page_title": _("大屏"),
        "page_lead": _("大屏不用登录，凭专用地址打开，只显示数字和办件编号后四位。"),
        "form": form,
        "address": request.build_absolute_uri(reverse("screen_open", args=[let_in.token])) if let_in else "",
        "rows": [_row(screen) for screen in screens_of(actor)[:100]],
    }
    return render(request, "supervision/screens.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def screen_end(request: HttpRequest, pk: int) -> HttpResponse:
    """停用: whoever has the address sees nothing any more."""
    actor = acting_user(request.user)
    _require_screens(actor)
    shut_screen_out(pk, actor=actor)
    notices.success(request, _("已停用，这块大屏下次刷新时就看不到了。"))
    return redirect("screens")


def _require_screens(actor: Actor) -> None:
    if not actor.supervises and not actor.has(Duty.ADMINISTER):
        raise NotPermitted("no_screens", _("您现在的岗位不管理大屏。"), cure=_("大屏由监察员和系统管理员开通、停用。"))


def _person(request: HttpRequest) -> Actor | None:
    return acting_user(request.user) if request.user.is_authenticated and request.user.is_active else None


def _screen(request: HttpRequest, name: str, read: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The page, or for the screen that polls it the part that changes, 304 while it does not."""
    context = read()
    if "X-Background" not in request.headers:
        return render(request, f"supervision/{name}.html", context | {"poll_url": request.path})
    text = render_to_string(f"supervision/_{name}.html", context, request)
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    answer = HttpResponse(text, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _wall(actor: Actor) -> dict[str, Any]:
    """Seven statements: the watch, the moment, two counts, the tables and their places, the late cases."""
    watch, moment = read_watch(), read_moment()
    present, beat = Present.at(moment.at), watch.heartbeat
    cases, cards = dashboard.counts(actor, present), dashboard.card_counts(actor, present)
    tables = dashboard.tables(actor, present)
    busy = [line for line in tables.places if line.value("open")]
    places = dashboard.sort_lines(busy, "red", ascending=False)[:PLACES]
    hidden = () if beat.is_alive else ("green", "paused", *CARD_FIGURES)

    def number(key: str, counted: dict[str, int], known: dict[str, Any]) -> dict[str, Any]:
        figure = known[key]
        value = "—" if key in hidden else counted[key]
        return {"label": present.short(figure.label), "value": value, "kind": figure.light if counted[key] else ""}

    return {
        "page_title": _("%(place)s 电子监察") % {"place": actor.hall_name},
        "beat": beat,
        "outage": None if beat.is_alive else outage_banner(beat),
        "updated_at": moment.at,
        "now": [number(key, cases, FIGURES) for key in WALL_FIGURES],
        "month": [number(key, cases, FIGURES) for key in WALL_MONTH]
        + [number(key, cards, CARD_FIGURES) for key in CARD_FIGURES],
        "columns": [FIGURES[key].label for key in ("open", *LIGHTS)],
        "places": [
            {"name": line.name, "cells": [_cell(key, line.value(key), hidden) for key in ("open", *LIGHTS)]}
            for line in places
        ],
        "idle": len(tables.places) - len(busy),
        "unlisted": len(busy) - len(places),
        "late": late_lines(dashboard.late_cases(actor, present), moment),
        "late_total": cases["red"],
    }


def _cell(key: str, value: int | str, hidden: Sequence[str]) -> dict[str, Any]:
    kind = key if key in ("red", "yellow") and value else ""
    return {"value": "—" if key in hidden else value, "kind": kind}


def _ways(request: HttpRequest, hall: Hall) -> list[dict[str, Any]]:
    """What whoever waits can do with a telephone of their own; without one the window does it for them."""
    progress, voices = reverse("progress"), speak_path(hall=hall.code)
    return [
        {
            "title": _("查办件进度"),
            "code": qr_of(request, progress, _("查询进度的二维码")),
            "words": _("扫码，填回执上的办件编号和查询码；没有手机的，请窗口代查。"),
        },
        {
            "title": _("投诉、咨询"),
            "code": qr_of(request, voices, _("投诉、咨询的二维码")),
            "words": _("扫码，或请窗口当场登记、给回执；也可以打 12345。"),
        },
    ]


def _row(screen: Screen) -> dict[str, Any]:
    end = getattr(screen, "end", None)
    return {
        "kind": screen.get_kind_display(),
        "hall": screen.hall.name,
        "by": screen.user.full_name,
        "at": timezone.localtime(screen.at),
        "ended_at": end and timezone.localtime(end.at),
        "end_url": "" if end else reverse("screen_end", args=[screen.pk]),
    }
