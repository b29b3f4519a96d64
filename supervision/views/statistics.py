"""办件统计: flow, backlog, time by level, promise against use, rates, late matters, cards, for whatever scope one has.

Every number is a link to exactly its rows, a rate to those of its part and of its whole. Of a month that is over it
shows what is counted by the month, as the records are now; lights and backlog are of this moment and stand in none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import acting_user
from halls.selectors.work_calendar import read_moment
from supervision.banners import watch_of
from supervision.domain.statistics import mean_tenths, tenths
from supervision.figures import CARD_LISTS, LIGHTS, Present
from supervision.figures_flow import AGE, AGED, KEPT, RATES, Rate
from supervision.figures_time import MEANS, SEGMENTS, Mean
from supervision.selectors import group_orders, group_ratings, group_times, group_voices, statistics
from supervision.selectors.figure_groups import figure_of, group_of
from supervision.selectors.scope import Scope, scope_of, scopes_of
from supervision.selectors.supervised import TAKES_PART
from supervision.selectors.time_used import Sums, sums
from supervision.views.parts import address, asked_present, chips, month_ways, scope_name, scope_words

PAGE: Final = "supervision_statistics"
NARROWED_BY: Final = ("scope", "hall", "desk", TAKES_PART, "matter", "month")
UNKNOWN: Final = "—"
NOW: Final = ("open", *LIGHTS, "due_today", "due_week", "overdue")
ACTS: Final = (
    group_orders.GROUP, group_orders.URGES, group_voices.GROUP, group_ratings.GROUP, group_ratings.WORK,
    group_ratings.DOUBTED_ONES, group_ratings.UNRATED_CASES, group_ratings.CALLBACKS,
)  # fmt: skip
MONTH: Final = (
    "received_month", "concluded_month", "on_time_month", "late_month", "due_month", "due_kept_month",
    *(one.key for one in KEPT),
)  # fmt: skip


@login_required
@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    """The whole page; a page that polls (X-Background) gets its middle part alone, 304 while nothing changed."""
    actor = acting_user(request.user)
    query = {key: request.GET.get(key, "").replace("\0", "")[:64] for key in NARROWED_BY if request.GET.get(key)}
    scope = scope_of(actor, query.get("scope", ""), query)
    board = _Board.read(request, scope, query)
    if "X-Background" in request.headers:
        text = render_to_string("supervision/_statistics.html", board.context(), request)
        etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
        answer = HttpResponse(text, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        return get_conditional_response(request, etag=etag, response=answer) or answer
    context = board.context() | {
        "page_title": _("办件统计"),
        "page_lead": _lead(board.present) % {"scope": scope_words(scope), "month": board.present.month_name},
        "tabs": [
            {
                "label": scope_name(Scope(key, actor)),
                "url": address(PAGE, scope=key, month=query.get("month", "")),
                "current": key == scope.key,
            }
            for key in scopes_of(actor)
        ],
        "filter_chips": chips(PAGE, query, scope.narrowed),
        "month": month_ways(PAGE, query, board.present),
        "poll_url": request.get_full_path(),
        "chart_library": settings.CHART_LIBRARY,
    }
    return render(request, "supervision/statistics.html", context)


def _lead(present: Present) -> str:
    if not present.is_earlier:
        return _("范围：%(scope)s。每个数字点开就是它数的那些记录，定义写在数字下面。")
    return _(
        "范围：%(scope)s。%(month)s的数字，按现在的记录统计；灯、在办和还没办完的事只有此刻的，这里不列。"
        "月结时公布的数见当月统计通报。"
    )


@dataclass(frozen=True, slots=True)
class _Board:
    """What was read for one page: the moment, a count for each group, the days used, the flow, the late matters."""

    scope: Scope
    query: dict[str, str]
    is_alive: bool
    present: Present
    counted: dict[str, int]
    days: dict[str, Sums]
    flow: list[Any]
    matters: list[tuple[str, str, int, int]]

    @classmethod
    def read(cls, request: HttpRequest, scope: Scope, query: dict[str, str]) -> _Board:
        """Five statements, and the watch, which the frame reads anyway; `query` loses a month that is this one."""
        moment = read_moment()
        present = asked_present(query, moment.at)
        return cls(
            scope=scope,
            query=query | {"scope": scope.key},
            is_alive=watch_of(request).heartbeat.is_alive,
            present=present,
            counted=statistics.counts(scope, present),
            days=sums(group_times.GROUP.rows(scope), present, moment.calendar),
            flow=statistics.flow(scope, present),
            matters=statistics.late_matters(scope, present),
        )

    def context(self) -> dict[str, Any]:
        return {
            "updated_at": self.present.now,
            "is_alive": self.is_alive,
            "month_name": self.present.month_name,
            "is_earlier": self.present.is_earlier,
            "now_tiles": [self.tile(key) for key in self.known(NOW)],
            "month_tiles": [self.tile(key) for key in MONTH],
            "card_parts": self.parts(CARD_LISTS),
            "act_parts": self.parts(key for group in ACTS for key in group.figures),
            "rates": [self.rate(rate) for rate in RATES],
            "means": [self.mean(mean) for mean in MEANS],
            "flow": {
                "title": _("%(month)s每天收件、办结") % {"month": self.present.month_name}
                if self.present.is_earlier
                else _("近 30 天每天收件、受理、办结"),
                "columns": [self.present.short(figure.label) for figure in statistics.flow_figures(self.present)],
                "lines": [
                    {"name": day, "cells": [self.cell(key, number, day=str(day)) for key, number in numbers.items()]}
                    for day, numbers in reversed(self.flow)
                ],
                "totals": [
                    self.cell(figure.key, self.counted[figure.key]) for figure in statistics.flow_figures(self.present)
                ],
            },
            "ages": []
            if self.present.is_earlier
            else [
                {"name": str(figure.label).removeprefix(AGED), "cell": self.cell(figure.key, self.counted[figure.key])}
                for figure in AGE
            ],
            "segments": [self.segment(number) for number in range(len(SEGMENTS))],
            "matters": [
                {
                    "name": name,
                    "red": None if self.present.is_earlier else self.cell("red", red, matter=code),
                    "late": self.cell("late_month", late, matter=code),
                }
                for code, name, red, late in self.matters
            ],
        }

    def parts(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """The tiles of what is of now, and of what is of the month, each under a heading that says so once."""
        known = self.known(keys)
        of_month = [self.tile(key) for key in known if figure_of(key).follows_the_month]
        of_now = [self.tile(key) for key in known if not figure_of(key).follows_the_month]
        parts = ((_("现在"), of_now), (self.present.month_name, of_month))
        return [{"title": title, "tiles": tiles} for title, tiles in parts if tiles]

    def known(self, keys: Iterable[str]) -> list[str]:
        """Those of the figures that the month has."""
        return [key for key in keys if not self.present.is_earlier or figure_of(key).follows_the_month]

    def link(self, key: str, **more: str) -> str:
        return address(group_of(key).page, **{"figure": key, **self.query, **more})

    def cell(self, key: str, number: int, **more: str) -> dict[str, Any]:
        """A number of a table. While nobody watches no green number is shown: what sleeps too long is in it."""
        is_hidden = not self.is_alive and key in ("green", "paused", *CARD_LISTS)
        return {
            "key": key,
            "value": None if is_hidden else number,
            "url": self.link(key, **more),
            "label": self.present.short(figure_of(key).label),
        }

    def tile(self, key: str) -> dict[str, Any]:
        figure, cell = figure_of(key), self.cell(key, self.counted[key])
        tile = {
            "label": cell["label"],
            "value": cell["value"],
            "unit": group_of(key).unit,
            "url": cell["url"],
            "kind": figure.light if figure.light in ("red", "yellow") else "",
            "definition": self.present.within(figure.definition),
        }
        if cell["value"] is None:
            tile |= {"value": UNKNOWN, "unit": "", "kind": "", "note": _("巡检停着，没有登记全")}
        return tile

    def rate(self, rate: Rate) -> dict[str, Any]:
        part, whole = self.counted[rate.part], self.counted[rate.whole]
        return {
            "label": rate.label,
            "definition": self.present.within(rate.definition),
            "value": share(part, whole),
            "part": self.cell(rate.part, part),
            "whole": self.cell(rate.whole, whole),
        }

    def mean(self, mean: Mean) -> dict[str, Any]:
        found = self.days.get(mean.rows, Sums())
        top, bottom = found.difference(mean.top), getattr(found, mean.bottom)
        return {
            "label": mean.label,
            "definition": mean.definition,
            "value": share(top, bottom) if mean.is_share else mean_of(top, bottom),
            "unit": "" if mean.is_share else _("个工作日"),
            "top": top,
            "bottom": bottom,
            "rows": self.cell(mean.rows, self.counted[mean.rows]),
        }

    def segment(self, number: int) -> dict[str, Any]:
        segment = SEGMENTS[number]
        found = self.days.get(segment.key, Sums())
        return {
            "name": segment.label,
            "who": segment.who,
            "start": sum(self.days.get(one.key, Sums()).used for one in SEGMENTS[:number]),
            "used": found.used,
            "lost": found.lost,
            "visits": self.cell(segment.key, self.counted[segment.key]),
            "over": self.cell(f"{segment.key}_over", self.counted[f"{segment.key}_over"]),
        }


def share(part: int, whole: int) -> str:
    """Per cent to one place, rounded as in every paper; — of nothing."""
    if not whole:
        return UNKNOWN
    return f"{tenths(part, whole) / 10:g}%"


def mean_of(top: int, bottom: int) -> str:
    """A mean to one place, rounded half up as in every paper; — of nothing."""
    if not bottom:
        return UNKNOWN
    found = mean_tenths(top, bottom)
    return f"{found // 10}.{found % 10}"
