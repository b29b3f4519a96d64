"""Figures over ratings (好差评), over the cases that nobody rated, and over call-backs.

No line of a rating says who rated, nor which case, nor by which way or at which hour: a hall is not told. The cases
that were not rated are therefore for those who watch from above alone: of a small hall the others would be those that
were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.querysets import NEWEST_FIRST
from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.figures import Present
from supervision.figures_ratings import CALLBACK_FIGURES, DOUBTED, HELD_FIGURES, UNRATED, WORK_FIGURES
from supervision.models import Callback, CallbackCall, Rating, RatingAct
from supervision.selectors import group_cases
from supervision.selectors.figure_group import Cell, Group
from supervision.selectors.ratings import (
    NEWEST_CALLBACKS,
    OPEN,
    PENDING_APPEAL,
    from_above,
    held_ratings,
    visible_callbacks,
    visible_ratings,
    with_calls,
)
from supervision.selectors.scope import OWN, WATCH, Scope
from supervision.selectors.supervised import MATTER, names_of

PREFIX: Final = "ratings_"


def _held(scope: Scope) -> QuerySet[Rating]:
    return _of_scope(scope, held_ratings(scope.reader), "held_path")


def _at_work(scope: Scope) -> QuerySet[Rating]:
    return _of_scope(scope, visible_ratings(scope.reader), "path")


def _of_scope(scope: Scope, ratings: QuerySet[Rating], path: str) -> QuerySet[Rating]:
    if any(narrowing.key == MATTER for narrowing in scope.narrowed):
        # By matter a hall would find out which case it was, and so would its own director.
        ratings = ratings.filter(from_above(scope.reader))
    rows = ratings.filter(scope.elsewhere(path, "application__matter"))
    if scope.key != OWN:
        return rows
    return rows.filter(pk__in=RatingAct.objects.filter(user=scope.actor.user_id).order_by().values("rating"))


def _of_month(present: Present) -> Q:
    return Q(rated_at__gte=present.month, rated_at__lt=present.next_month)


def _open_or_marked(present: Present) -> Q:
    """Those about which something is still to be done or was decided."""
    return OPEN | Q(PENDING_APPEAL) | Q(validity=Rating.Validity.EXCLUDED)


def _lines(ratings: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    names = names_of({rating.held_path for rating in ratings})
    return [
        {
            "number": Cell(f"{rating.pk}", reverse("rating", args=[rating.pk])),
            "level": Cell(rating.get_level_display()),
            "hall": Cell(rating.hall.name),
            "held": Cell(names.get(rating.held_path, "")),
            "day": Cell(f"{timezone.localtime(rating.rated_at):%Y-%m-%d}"),
            "validity": Cell(rating.get_validity_display()),
            "state": Cell(rating.get_state_display()),
        }
        for rating in ratings
    ]


GROUP: Final = Group(
    key="ratings",
    unit=_("条"),
    source=_("群众的评价；核实属实的差评计在责任单位"),
    figures={f"{PREFIX}{key}": replace(one, key=f"{PREFIX}{key}") for key, one in HELD_FIGURES.items()},
    rows=_held,
    recent=_of_month,
    shown=lambda rows: rows.select_related("hall"),
    columns=(
        ("number", _("编号")),
        ("level", _("评价")),
        ("hall", _("被评价的大厅")),
        ("held", _("责任单位")),
        ("day", _("评价日期")),
        ("validity", _("有效性")),
        ("state", _("办理状态")),
    ),
    lines=_lines,
    order=lambda _figure: PageList(("pk",), is_descending=True),
)


# The same lines, of what is to be done about them: for whoever handles it, against whomever it counts.
WORK: Final = replace(
    GROUP,
    key="rating_work",
    source=_("群众的评价及其核实、整改、回访和申诉"),
    figures={f"{PREFIX}{key}": replace(one, key=f"{PREFIX}{key}") for key, one in WORK_FIGURES.items()},
    rows=_at_work,
    recent=_open_or_marked,
)


def _doubted(scope: Scope) -> QuerySet[Rating]:
    return _at_work(scope).filter(from_above(scope.reader))


# Apart, for a hall reads the other figures of its ratings, and not which of them came from one device.
DOUBTED_ONES: Final = replace(
    WORK,
    key="doubted",
    source=_("群众的评价，看来自哪台设备、哪个网络"),
    figures={f"{PREFIX}{DOUBTED.key}": replace(DOUBTED, key=f"{PREFIX}{DOUBTED.key}")},
    rows=_doubted,
    recent=DOUBTED.condition,
)


def _unrated(scope: Scope) -> QuerySet[Application]:
    return scope.cases.filter(from_above(scope.reader)) if scope.key == WATCH else Application.objects.none()


UNRATED_CASES: Final = Group(
    key="unrated",
    unit=_("件"),
    source=_("办件的送达记录和群众的评价"),
    figures={f"{PREFIX}{UNRATED.key}": replace(UNRATED, key=f"{PREFIX}{UNRATED.key}")},
    rows=_unrated,
    recent=UNRATED.condition,
    shown=group_cases.GROUP.shown,
    columns=group_cases.COLUMNS,
    lines=group_cases.GROUP.lines,
    order=lambda _figure: NEWEST_FIRST,
)


def _callbacks(scope: Scope) -> QuerySet[Callback]:
    rows = visible_callbacks(scope.reader).filter(scope.elsewhere("path", "application__matter"))
    if scope.key != OWN:
        return rows
    return rows.filter(pk__in=CallbackCall.objects.filter(user=scope.actor.user_id).order_by().values("callback"))


def _waiting_or_of_the_month(present: Present) -> Q:
    waiting, called = (CALLBACK_FIGURES[key] for key in ("callbacks_waiting", "callbacks_month"))
    return waiting.condition(present) | called.condition(present)


def _callback_lines(callbacks: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [
        {
            "number": Cell(one.application.display_number, reverse("callback", args=[one.pk])),
            "matter": Cell(one.application.matter.name),
            "village": Cell(one.application.hall.short_name),
            "week": Cell(f"{one.draw.week}"),
            "state": Cell(_("已回访") if one.is_answered else _("待回访")),
        }
        for one in callbacks
    ]


CALLBACKS: Final = Group(
    key="callbacks",
    unit=_("件"),
    source=_("代办件回访的抽样和通话记录"),
    figures=CALLBACK_FIGURES,
    rows=_callbacks,
    recent=_waiting_or_of_the_month,
    shown=with_calls,
    columns=(
        ("number", _("办件编号")),
        ("matter", _("事项")),
        ("village", _("来自")),
        ("week", _("送达的那一周")),
        ("state", _("回访")),
    ),
    lines=_callback_lines,
    order=lambda _figure: NEWEST_CALLBACKS,
)
