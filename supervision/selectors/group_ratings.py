"""Figures over ratings (好差评). No line says who rated, nor which case: a hall is not told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.domain.ratings import SUSPICIOUS_FROM
from supervision.figures import Present
from supervision.figures_ratings import RATING_FIGURES
from supervision.models import Rating, RatingAct
from supervision.selectors.figure_group import Cell, Group
from supervision.selectors.ratings import OPEN, PENDING_APPEAL, visible_ratings
from supervision.selectors.scope import OWN, Scope

PREFIX: Final = "ratings_"


def _rows(scope: Scope) -> QuerySet[Rating]:
    rows = visible_ratings(scope.reader).filter(scope.elsewhere("path", "application__matter"))
    if scope.key != OWN:
        return rows
    return rows.filter(pk__in=RatingAct.objects.filter(user=scope.actor.user_id).order_by().values("rating"))


def _recent(present: Present) -> Q:
    """Those of the month, and those about which something is still to be done or was decided."""
    rated = Q(rated_at__gte=present.month, rated_at__lt=present.next_month)
    marked = Q(earlier__gte=SUSPICIOUS_FROM) | Q(validity=Rating.Validity.EXCLUDED)
    return rated | OPEN | Q(PENDING_APPEAL) | marked


def _lines(ratings: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [
        {
            "number": Cell(f"{rating.pk}", reverse("rating", args=[rating.pk])),
            "level": Cell(rating.get_level_display()),
            "hall": Cell(rating.hall.name),
            "channel": Cell(rating.get_channel_display()),
            "at": Cell(f"{timezone.localtime(rating.rated_at):%Y-%m-%d %H:%M}"),
            "validity": Cell(rating.get_validity_display()),
            "state": Cell(rating.get_state_display()),
        }
        for rating in ratings
    ]


GROUP: Final = Group(
    key="ratings",
    unit=_("条"),
    source=_("群众的评价及其核实、整改、回访和申诉"),
    figures={f"{PREFIX}{key}": replace(one, key=f"{PREFIX}{key}") for key, one in RATING_FIGURES.items()},
    rows=_rows,
    recent=_recent,
    shown=lambda rows: rows.select_related("hall"),
    columns=(
        ("number", _("编号")),
        ("level", _("评价")),
        ("hall", _("被评价的大厅")),
        ("channel", _("渠道")),
        ("at", _("时间")),
        ("validity", _("有效性")),
        ("state", _("办理状态")),
    ),
    lines=_lines,
    order=lambda _figure: PageList(("pk",), is_descending=True),
)
