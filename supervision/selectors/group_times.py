"""Figures over the limits of concluded cases: who used the time, and who overran."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Clock
from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.figures import Present
from supervision.figures_time import TIME_FIGURES, of_concluded
from supervision.selectors.figure_group import Cell, Group
from supervision.selectors.scope import Scope
from supervision.selectors.supervised import names_of
from supervision.selectors.time_used import measures

COLUMNS: Final = (
    ("number", _("办件编号")),
    ("matter", _("事项")),
    ("clock", _("时限")),
    ("who", _("在谁手上")),
    ("from", _("起")),
    ("until", _("止")),
    ("given", _("限（工作日）")),
    ("used", _("用（工作日）")),
    ("lost", _("超出（工作日）")),
    ("lawful", _("法定（工作日）")),
)


def _rows(scope: Scope) -> QuerySet[Clock]:
    return Clock.objects.filter(application__in=scope.cases.order_by().values("pk"))


def _shown(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    return rows.select_related("application__matter").defer("application__form")


def _lines(clocks: Sequence[Any], moment: Moment, present: Present) -> list[dict[str, Cell]]:
    """Two statements for a page: what each used, and the names of those who had it."""
    used = measures(list(clocks), present, moment.calendar)
    names = names_of({clock.seat_path for clock in clocks})
    return [_line(clock, used, names) for clock in clocks]


def _line(clock: Clock, used: dict[int, Any], names: dict[str, str]) -> dict[str, Cell]:
    case, measure = clock.application, used.get(clock.pk)
    is_in_days = clock.unit == "wd"
    return {
        "number": Cell(case.display_number, reverse("case", args=[case.number])),
        "matter": Cell(case.matter.name),
        "clock": Cell(CLOCK_LABELS[ClockKind(clock.kind)], reverse("clock_statement", args=[case.number, clock.pk])),
        "who": Cell(names.get(clock.seat_path, "")),
        "from": Cell(f"{timezone.localtime(clock.started_at):%Y-%m-%d %H:%M}"),
        "until": Cell(f"{timezone.localtime(clock.stopped_at):%Y-%m-%d %H:%M}" if clock.stopped_at else ""),
        "given": Cell(str(measure.given) if measure and is_in_days else ""),
        "used": Cell(str(measure.used) if measure else ""),
        "lost": Cell(str(measure.lost) if measure else ""),
        "lawful": Cell(str(measure.lawful) if measure and measure.lawful is not None else ""),
    }


GROUP: Final = Group(
    key="times",
    unit=_("条"),
    source=_("办件事件所记的时限起止，按工作日历折算"),
    figures=TIME_FIGURES,
    rows=_rows,
    recent=of_concluded,
    shown=_shown,
    columns=COLUMNS,
    lines=_lines,
    order=lambda _figure: PageList(("pk",), is_descending=True),
)
