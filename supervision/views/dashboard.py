"""监察首页: is the watch alive, what is red, where, whose, since when. Every figure opens its rows."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import Actor, acting_user
from halls.domain.worktime import ONE_DAY
from halls.selectors.work_calendar import read_moment
from supervision.banners import OUTAGE, banners_for, outage_banner, proof_text, watch_of
from supervision.domain.statistics import tenths
from supervision.figures import CARD_FIGURES, FIGURES, LIGHTS, MONTH_TILES, TILES, Figure, Present
from supervision.selectors import Heartbeat, dashboard, drill
from supervision.selectors.dashboard import Line
from supervision.selectors.figure_groups import figure_of, group_of
from supervision.selectors.supervised import NO_ORGAN, ORGAN, require_duty
from supervision.views.parts import address, watched_rows

LINES_SHOWN: Final = 12
COLUMNS: Final = ("open", *LIGHTS)
UNKNOWN: Final = "—"
LATE_COLUMNS: Final = "light number matter village owner due"


@login_required
@require_safe
def dashboard_page(request: HttpRequest) -> HttpResponse:
    """The whole page; its middle part is fetched again by `board`."""
    actor = acting_user(request.user)
    require_duty(actor)
    context = _board(request, actor)
    # The outage stands in the middle part, which stays fresh; once is enough.
    context["banners"] = [banner for banner in banners_for(request) if banner.get("key") != OUTAGE]
    context |= {
        "page_title": _("电子监察"),
        "page_lead": _("范围：%(place)s。每个数字点开就是它数的那些办件。") % {"place": actor.hall_name},
        "board_query": request.GET.urlencode(),
        "earlier_url": address("supervision_statistics", month=f"{context['month_before']:%Y-%m}"),
    }
    return render(request, "supervision/dashboard.html", context)


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The middle part alone, for the page that polls it; 304 while nothing in it changed."""
    actor = acting_user(request.user)
    require_duty(actor)
    text = render_to_string("supervision/_board.html", _board(request, actor), request)
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    answer = HttpResponse(text, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _board(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Eight statements: the watch, the moment, three counts (cases, cards, what waits), the tables, the late."""
    watch = watch_of(request)
    beat = watch.heartbeat
    moment = read_moment()
    present = Present.at(moment.at)
    cases, cards = dashboard.counts(actor, present), dashboard.card_counts(actor, present)
    late = drill.with_columns(dashboard.late_cases(actor, present))[: dashboard.LATE_SHOWN]
    return {
        "beat": beat,
        "proof": watch.proof,
        "proof_text": proof_text(watch.proof) if watch.proof and watch.proof.differences else "",
        "outage": None if beat.is_alive else outage_banner(beat),
        "updated_at": moment.at,
        "month_before": present.month - ONE_DAY,
        "tiles": [_tile(FIGURES[key], cases[key]) for key in TILES] + _outslept_tile(cases),
        "month_tiles": [
            *_rate_tiles(cases),
            *(_tile(FIGURES[key], cases[key]) | _short(FIGURES[key], present) for key in MONTH_TILES),
        ],
        "card_tiles": [
            _card_tile(figure, cards[key], beat) | _short(figure, present) for key, figure in CARD_FIGURES.items()
        ],
        "waiting_tiles": _waiting_tiles(dashboard.what_waits(actor, present)),
        "tables": _tables(request, actor, present, beat),
        "late_rows": watched_rows(late, moment),
        "late_columns": LATE_COLUMNS,
        "late_total": cases["red"],
        "late_url": address("supervision_cases", figure="red"),
    }


# --- figures ---------------------------------------------------------------------------------------------------------


def _tile(figure: Figure, value: int, page: str = "supervision_cases") -> dict[str, Any]:
    return {
        "label": figure.label,
        "value": value,
        "unit": _("件"),
        "url": address(page, figure=figure.key),
        "kind": figure.light if figure.light in ("red", "yellow") else "",
        "definition": figure.definition,
    }


def _outslept_tile(cases: dict[str, int]) -> list[dict[str, Any]]:
    """Nobody needs to read about it while it is nought: the sweep does its work."""
    return [_tile(FIGURES["outslept"], cases["outslept"])] if cases["outslept"] else []


def _card_tile(figure: Figure, value: int, beat: Heartbeat) -> dict[str, Any]:
    tile = _tile(figure, value, "supervision_warnings") | {"unit": _("条")}
    if not beat.is_alive:
        tile |= {"value": UNKNOWN, "unit": "", "kind": "", "note": _("巡检停着，没有登记全")}
    return tile


def _waiting_tiles(waiting: dict[str, int]) -> list[dict[str, Any]]:
    """Each in its place, at nought too: whoever looks every day finds it where it was."""
    return [
        _tile(figure_of(key), count, group_of(key).page) | {"unit": group_of(key).unit}
        for key, count in waiting.items()
    ]


def _short(figure: Figure, present: Present) -> dict[str, str]:
    """The heading names the month."""
    return {"label": present.short(figure.label)}


def _rate_tiles(cases: dict[str, int]) -> list[dict[str, Any]]:
    """What was done, how much of it in time; and what fell due, done or not, how much of it in time."""
    in_time, done = cases["on_time_month"], cases["concluded_month"]
    kept, due = cases["due_kept_month"], cases["due_month"]
    return [
        {
            "label": _("按时办结率"),
            "url": address("supervision_cases", figure="on_time_month"),
            "definition": _("本月办结的办件中，决定没有超过承诺到期时间的比例"),
            "note": _("按时 %(in_time)d ÷ 办结 %(done)d") % {"in_time": in_time, "done": done}
            if done
            else _("本月还没有办结的办件"),
            **_percent(in_time, done),
        },
        {
            "label": _("到期按时率"),
            "url": address("supervision_cases", figure="due_month"),
            "definition": _("本月承诺期限届满的办件中，届满时已经作出决定的比例；不办的也在分母里"),
            "note": _("到期 %(due)d 件，其中按时 %(kept)d 件") % {"due": due, "kept": kept}
            if due
            else _("本月还没有到期的办件"),
            **_percent(kept, due),
        },
    ]


def _percent(part: int, whole: int) -> dict[str, Any]:
    return {"value": f"{tenths(part, whole) / 10:g}", "unit": "%"} if whole else {"value": UNKNOWN}


# --- tables ----------------------------------------------------------------------------------------------------------


def _tables(request: HttpRequest, actor: Actor, present: Present, beat: Heartbeat) -> list[dict[str, Any]]:
    found = dashboard.tables(actor, present)
    for line in found.organs:
        if line.key == ORGAN and line.code == NO_ORGAN:
            line.name = _("大厅窗口")
    place = _("村（社区）") if found.is_by_village else _("乡镇（街道）")
    return [
        _table(request, "place", _("按%(place)s") % {"place": place}, place, found.places, beat),
        _table(request, "organ", _("按承办部门"), _("部门"), found.organs, beat),
        _table(request, "matter", _("按事项"), _("事项"), found.matters, beat),
    ]


def _table(
    request: HttpRequest, key: str, title: str, heading: str, lines: list[Line], beat: Heartbeat
) -> dict[str, Any]:
    column, ascending = _asked_order(request, key)
    ordered = dashboard.sort_lines(lines, column, ascending=ascending)
    is_whole = request.GET.get("all") == key or len(ordered) <= LINES_SHOWN
    return {
        "key": key,
        "title": title,
        "columns": [_heading(request, key, name, heading, column, ascending=ascending) for name in ("name", *COLUMNS)],
        "lines": [_line(line, beat) for line in (ordered if is_whole else ordered[:LINES_SHOWN])],
        "total": len(ordered),
        "whole_url": "" if is_whole else f"{_same_page(request, all=key)}#table-{key}",
    }


def _asked_order(request: HttpRequest, key: str) -> tuple[str, bool]:
    """Read `sort_place=red` (most first) or `sort_place=red.up`; anything else is red first."""
    column, _dot, direction = request.GET.get(f"sort_{key}", "").partition(".")
    if column not in ("name", *COLUMNS):
        return "red", False
    return column, direction == "up"


def _heading(
    request: HttpRequest, key: str, name: str, heading: str, column: str, *, ascending: bool
) -> dict[str, Any]:
    is_sorted = name == column
    goes_up = (is_sorted and not ascending) or (name == "name" and not is_sorted)
    order = {f"sort_{key}": f"{name}.up" if goes_up else name}
    return {
        "name": name,
        "label": heading if name == "name" else FIGURES[name].label,
        "url": f"{_same_page(request, **order)}#table-{key}",
        "sort": ("ascending" if ascending else "descending") if is_sorted else "",
    }


def _line(line: Line, beat: Heartbeat) -> dict[str, Any]:
    """A line and its cells. While nobody watches, no green number is shown: what sleeps too long is not in it."""
    place = {line.key: line.code}
    return {
        "name": line.name,
        "url": address("supervision_cases", figure="open", **place),
        "cells": [
            {
                "key": key,
                "label": FIGURES[key].label,
                "value": None if key == "green" and not beat.is_alive else line.value(key),
                "url": address("supervision_cases", figure=key, **place),
            }
            for key in COLUMNS
        ],
    }


def _same_page(request: HttpRequest, **changes: str) -> str:
    return address("supervision", **{**request.GET.dict(), **changes})
