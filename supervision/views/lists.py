"""The rows behind a figure: cases, warnings and cards, runs of the sweep. The address carries every narrowing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid
from halls.selectors.work_calendar import read_moment
from supervision.banners import watch_of
from supervision.domain.disagreement import cures, sentence
from supervision.figures import CARD_LISTS, Figure, Present
from supervision.figures_flow import CASE_FIGURES
from supervision.models import LimitWarning, ProofRun
from supervision.permissions.orders import is_own_hall
from supervision.selectors import drill, group_cards, group_cases
from supervision.selectors.cards import watches_county
from supervision.selectors.figure_groups import group_of, require_month
from supervision.selectors.runs import recent_anchors, recent_proofs, recent_runs, recent_verifications
from supervision.selectors.scope import WATCH, Scope, scope_of
from supervision.selectors.supervised import BLAMED, names_of, require_duty
from supervision.views.export import Column, Row, Sheet, as_file, by_chunks, export_links, file_asked
from supervision.views.parts import (
    address,
    asked_day,
    asked_present,
    card_rows,
    chips,
    scope_chips,
    scope_words,
    shown_words,
    watched_rows,
)
from supervision.views.sheets import CARDS, CASES

COLUMNS = "light number matter applicant village owner status due acts"
TOLD = 20  # differences of one night that are written out
NARROWED_BY = ("figure", "scope", "hall", "desk", "department", "part", "matter", "day", "month")
CARDS_NARROWED_BY = (*NARROWED_BY, BLAMED)
NO_NARROWING = ("figure", "scope")


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponseBase:
    """Exactly the cases a figure counted. `format` gives the same list as a file."""
    actor = acting_user(request.user)
    query = query_of(request)
    figure = _figure(CASE_FIGURES, query.get("figure", "open"))
    day = asked_day(query.get("day", ""))
    scope = scope_of(actor, query.get("scope", WATCH), query)
    narrowed = scope.narrowed
    moment = read_moment()
    present = asked_present(query, moment.at)
    require_month(figure, present)
    rows: Any = group_cases.GROUP.rows_of(scope, figure, present, day)
    if form := file_asked(request):
        ordered = group_cases.GROUP.order(figure).ordered(drill.with_columns(rows))
        printed = by_chunks(ordered, lambda chunk: watched_rows(chunk, moment))
        return as_file(form, _sheet(figure, present, scope_words(scope, day), CASES, printed), moment.at)
    page = drill.case_page(rows, figure, request.GET.get("after", ""))
    context = _list_context("supervision_cases", CASE_FIGURES, figure, query, present) | {
        "rows": watched_rows(page.rows, moment),
        "columns": COLUMNS if scope.key == WATCH else COLUMNS.removesuffix(" acts"),
        "shown": shown_words(page.total, len(page.rows), drill.COUNTED_TO),
        "filter_chips": chips("supervision_cases", query, narrowed)
        + scope_chips("supervision_cases", query, scope, day),
        "next_url": address("supervision_cases", **query, after=page.next_cursor) if page.next_cursor else "",
        "first_url": address("supervision_cases", **query) if request.GET.get("after") else "",
        "exports": export_links("supervision_cases", **query),
    }
    return render(request, "supervision/cases.html", context)


@login_required
@require_safe
def warnings(request: HttpRequest) -> HttpResponseBase:
    """Warnings and cards, newest first; with a figure exactly those it counted. `format` gives them as a file."""
    actor = acting_user(request.user)
    query = query_of(request, CARDS_NARROWED_BY)
    figure = _figure(CARD_LISTS, query["figure"]) if "figure" in query else None
    scope = scope_of(actor, query.get("scope", WATCH), query)
    if figure is None:  # all of them, of every month
        query.pop("month", None)
    present = asked_present(query, watch_of(request).heartbeat.at)
    if figure is not None:
        require_month(figure, present)
    group = group_cards.GROUP
    rows = group.rows(scope) if figure is None else group.rows_of(scope, figure, present)
    if form := file_asked(request):
        return as_file(form, _sheet(figure, present, scope_words(scope), CARDS, printed_cards(rows)), present.now)
    page = drill.card_page(rows, request.GET.get("after", ""))
    context = _list_context("supervision_warnings", CARD_LISTS, figure, query, present) | {
        "rows": rows_for(scope, _orderable(actor, page.rows)),
        "ranking_url": address("supervision_cards_ranking", month=query.get("month", "")) if actor.supervises else "",
        "issue_url": reverse("supervision_card_issue") if watches_county(actor) else "",
        "shown": shown_words(page.total, len(page.rows), drill.COUNTED_TO),
        "filter_chips": chips("supervision_warnings", query, scope.narrowed)
        + scope_chips("supervision_warnings", query, scope, None),
        "exports": export_links("supervision_warnings", **query) if page.rows else [],
        "next_url": address("supervision_warnings", **query, after=page.next_cursor) if page.next_cursor else "",
        "first_url": address("supervision_warnings", **query) if request.GET.get("after") else "",
    }
    return render(request, "supervision/warnings.html", context)


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The last runs of the sweep, broken ones included, and what the nightly proofs found."""
    require_duty(acting_user(request.user))
    proofs = recent_proofs()
    context = {
        "page_title": _("巡检记录"),
        "page_lead": _("每分钟一次。超过 10 分钟没有完成的巡检，就是巡检已停。"),
        "breadcrumbs": _crumbs(_("巡检记录")),
        "beat": watch_of(request).heartbeat,
        "anchors": [{"anchor": one, "made_at": timezone.localtime(one.made_at)} for one in recent_anchors()],
        "verifications": [
            {"proof": proof, "finished_at": timezone.localtime(proof.finished_at)} for proof in recent_verifications()
        ],
        "proofs": [_proof(proof) for proof in proofs],
        "cures": cures(proofs[0].found) if proofs else [],
        "runs": [
            {
                "run": run,
                "started_at": timezone.localtime(run.started_at),
                "seconds": run.finished_at and round((run.finished_at - run.started_at).total_seconds(), 2),
            }
            for run in recent_runs()
        ],
    }
    return render(request, "supervision/runs.html", context)


def _proof(proof: ProofRun) -> dict[str, Any]:
    told = [
        {"number": (number := str(one.get("number", ""))), "is_case": number.isdecimal(), "words": sentence(one)}
        for one in proof.found[:TOLD]
    ]
    return {"proof": proof, "finished_at": timezone.localtime(proof.finished_at), "told": told}


def _orderable(actor: Actor, cards: Sequence[LimitWarning]) -> list[dict[str, Any]]:
    """The rows of a page; nobody is offered an order to the own hall, which would be refused."""
    rows = card_rows(cards, names_of({card.seat_path for card in cards}))
    return [
        row | {"order_url": ""} if is_own_hall(card.seat_path, actor) else row
        for card, row in zip(cards, rows, strict=True)
    ]


def rows_for(scope: Scope, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The page of a card is for those who watch; the others are led to the case."""
    return rows if scope.key == WATCH else [row | {"card_url": row["url"], "order_url": ""} for row in rows]


def _figure(known: dict[str, Figure], key: str) -> Figure:
    figure = known.get(key)
    if figure is None:
        raise Invalid("unknown_figure", _("没有这个数字。"), field="figure", cure=_("请从监察首页点开要看的数字。"))
    return figure


def query_of(request: HttpRequest, narrowed_by: tuple[str, ...] = NARROWED_BY) -> dict[str, str]:
    """What the address narrows by, without the place of the page."""
    asked = {key: request.GET.get(key, "").replace("\0", "")[:64] for key in narrowed_by}
    return {key: value for key, value in asked.items() if value}


def figure_options(known: Mapping[str, Figure], figure: Figure | None, present: Present) -> list[dict[str, Any]]:
    """The figures of a list to choose from: in a month that is over those that it has."""
    return [
        {"value": key, "label": present.worded(one.label), "selected": one is figure}
        for key, one in known.items()
        if one.follows_the_month or not present.is_earlier
    ]


def printed_cards(cards: QuerySet[LimitWarning]) -> Iterator[dict[str, Any]]:
    """All of them as their page prints them; whom they stand against is read at once."""
    names = names_of(set(cards.order_by().values_list("seat_path", flat=True).distinct()))
    ordered = drill.LATEST_FIRST.ordered(drill.with_card_columns(cards))
    return by_chunks(ordered, lambda chunk: card_rows(chunk, names))


def _head(figure: Figure | None, present: Present) -> tuple[str, str]:
    """What the list is called, and how its rows are counted."""
    if figure is not None:
        return present.worded(group_of(figure.key).name_of(figure)), present.worded(figure.definition)
    return _("预警和红黄牌"), _(
        "登记后不改不删；生效是触发的时刻，人工发牌的是确认发出的时刻；登记是巡检发现或人工提出的时刻。"
    )


def _sheet(
    figure: Figure | None, present: Present, scope: str, columns: Sequence[Column], rows: Iterable[Row]
) -> Sheet:
    label, definition = _head(figure, present)
    return Sheet(label, definition, scope, columns, rows)


def _list_context(
    name: str, known: dict[str, Figure], figure: Figure | None, query: dict[str, str], present: Present
) -> dict[str, Any]:
    title, lead = _head(figure, present)
    options = figure_options(known, figure, present)
    if figure is None:
        options.insert(0, {"value": "", "label": _("全部"), "selected": True})
    return {
        "page_title": title,
        "page_lead": lead,
        "breadcrumbs": _crumbs(str(title)),
        "filter_action": reverse(name),
        "filter_fields": [{"name": "figure", "label": _("看哪个数字"), "kind": "select", "options": options}],
        "keep": [{"name": key, "value": value} for key, value in query.items() if key != "figure"],
        "clear_url": address(name, **{key: query.get(key, "") for key in NO_NARROWING})
        if set(query) - set(NO_NARROWING)
        else "",
    }


def _crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": _("电子监察"), "url": reverse("supervision")}, {"label": label}]
