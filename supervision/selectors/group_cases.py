"""Figures over cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import OPEN
from applications.querysets import NEWEST_FIRST, URGENT_FIRST, ApplicationQuerySet
from applications.selectors.case_rows import case_row
from halls.selectors.work_calendar import Moment
from supervision.figures import Present
from supervision.figures_flow import CASE_FIGURES
from supervision.selectors.drill import with_columns
from supervision.selectors.figure_group import Cell, Group

COLUMNS: Final = (
    ("number", _("办件编号")),
    ("matter", _("事项")),
    ("village", _("来自")),
    ("owner", _("在谁手上")),
    ("status", _("状态")),
    ("light", _("灯")),
    ("due", _("到期")),
)


def _recent(present: Present) -> Q:
    since = min(present.month, present.thirty_days)
    due = Q(due_at__gte=present.month, due_at__lt=present.next_month)
    return (
        Q(status__in=sorted(OPEN))
        | Q(received_at__gte=since)
        | Q(accepted_at__gte=since)
        | Q(ended_at__gte=since)
        | due
    )


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    assert isinstance(rows, ApplicationQuerySet)
    return with_columns(rows)


def _lines(cases: Sequence[Any], moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [_line(case, moment) for case in cases]


def _line(case: Any, moment: Moment) -> dict[str, Cell]:
    row = case_row(case, moment)
    due = case.late_at or case.due_at
    clock = case.urgent_clock if case.late_at else case.promised_clock
    return {
        "number": Cell(row["number"], row["url"]),
        "matter": Cell(row["matter"]),
        "village": Cell(row["village"]),
        "owner": Cell(row["owner"]),
        "status": Cell(row["status"]),
        "light": Cell(row["light_words"]),
        "due": Cell(
            f"{timezone.localtime(due):%Y-%m-%d %H:%M}" if due else "",
            reverse("clock_statement", args=[case.number, clock]) if clock else "",
        ),
    }


GROUP: Final = Group(
    key="cases",
    unit=_("件"),
    source=_("办件的事件记录，时间以数据库登记为准"),
    figures=CASE_FIGURES,
    rows=lambda scope: scope.cases,
    recent=_recent,
    shown=_shown,
    columns=COLUMNS,
    lines=_lines,
    order=lambda figure: NEWEST_FIRST if figure.is_of_the_month else URGENT_FIRST,
    page="supervision_cases",
    noun=_("的办件"),
)
