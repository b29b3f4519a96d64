"""Figures over warnings and cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.selectors.work_calendar import Moment
from supervision.figures import CARD_LISTS, REVIEW_FIGURES, Present
from supervision.models import LimitWarning
from supervision.models.card_review import is_issued, life
from supervision.selectors.cards import watches_county
from supervision.selectors.drill import LATEST_FIRST
from supervision.selectors.figure_group import Cell, Group
from supervision.selectors.scope import WATCH, Scope

COLUMNS: Final = (
    ("level", _("级别")),
    ("effective", _("生效")),
    ("clock", _("时限")),
    ("number", _("办件编号")),
    ("matter", _("事项")),
    ("village", _("来自")),
    ("recorded", _("登记")),
    ("review", _("复核")),
)


def _rows(scope: Scope) -> QuerySet[LimitWarning]:
    """What waits to be issued is nobody's business but that of those who watch the county."""
    cards = LimitWarning.objects.filter(scope.blamed, application__in=scope.cases.order_by().values("pk"))
    return cards if scope.key == WATCH and watches_county(scope.actor) else cards.filter(is_issued())


def _recent(present: Present) -> Q:
    recent = Q(recorded_at__gte=present.month, recorded_at__lt=present.next_month)
    for figure in REVIEW_FIGURES.values():
        recent |= figure.condition(present)
    return recent


def _shown(rows: QuerySet[LimitWarning]) -> QuerySet[LimitWarning]:
    return (
        rows.prefetch_related("reviews")
        .select_related("application__matter", "application__hall")
        .defer("application__form")
    )


def _lines(cards: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [_line(card) for card in cards]


def _line(card: LimitWarning) -> dict[str, Cell]:
    case = card.application
    state = life(card)
    review = state.label
    if state.open_appeal or state.open_proposal:
        review = _now("申诉待决定") if state.open_appeal else _now("建议撤销")
    return {
        "level": Cell(card.get_level_display()),
        "effective": Cell(f"{timezone.localtime(card.effective_at):%Y-%m-%d %H:%M}"),
        "clock": _clock(card),
        "number": Cell(case.display_number, reverse("case", args=[case.number])),
        "matter": Cell(case.matter.name),
        "village": Cell(case.hall.short_name),
        "recorded": Cell(f"{timezone.localtime(card.recorded_at):%Y-%m-%d %H:%M}"),
        "review": Cell(review),
    }


def _clock(card: LimitWarning) -> Cell:
    """Which limit, with its statement; what a person issued stands against no limit but a fault."""
    if card.clock_id is None:
        return Cell(card.get_fault_display())
    statement = reverse("clock_statement", args=[card.application.number, card.clock_id])
    return Cell(CLOCK_LABELS[ClockKind(card.clock_kind)], statement)


GROUP: Final = Group(
    key="cards",
    unit=_("条"),
    source=_("巡检登记的预警和红黄牌及其复核记录；已撤销的不计入发牌数"),
    figures=CARD_LISTS,
    rows=_rows,
    recent=_recent,
    shown=_shown,
    columns=COLUMNS,
    lines=_lines,
    order=lambda _figure: LATEST_FIRST,
    page="supervision_warnings",
)
