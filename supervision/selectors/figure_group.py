"""A group of figures: everything that counts rows of one model, and how these rows are found and shown.

docs/dashboard-tiles.md tells how to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from halls.domain.errors import Invalid
from halls.domain.worktime import ONE_DAY, start_of
from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.figures import Figure, Present, Text
from supervision.selectors.scope import Scope
from supervision.selectors.written import Written, counted, counts_in, side_by_side


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list: words, and the page behind them."""

    text: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """`rows` are all rows of a scope; `recent` bounds what any figure may count; `shown` adds what a line needs.

    `columns` are names and headings; `lines` gives each row's cells by name. `noun` is what its
    labels are of (的办件), where they do not say it themselves. `page` is the address (name) of a list of its
    own, else the rows are listed by supervision/views/figure_rows.py.
    """

    key: str
    unit: Text
    source: Text
    figures: Mapping[str, Figure]
    rows: Callable[[Scope], QuerySet[Any]]
    recent: Callable[[Present], Q]
    shown: Callable[[QuerySet[Any]], QuerySet[Any]]
    columns: tuple[tuple[str, Text], ...]
    lines: Callable[[Sequence[Any], Moment, Present], list[dict[str, Cell]]]
    order: Callable[[Figure], PageList]
    page: str = "supervision_rows"
    noun: Text = ""

    def name_of(self, figure: Figure) -> str:
        """The label as it reads where nothing around it says of what it is: in the API, in a file, over a list."""
        label = str(figure.label)
        return label if label.endswith(str(self.noun).removeprefix("的")) else f"{label}{self.noun}"

    def counting(self, scope: Scope, present: Present) -> Written | None:
        """The one row that holds every figure of the group; None where nothing of this kind can lie in the scope."""
        wanted = {key: figure.condition(present) for key, figure in self.figures.items()}
        return counts_in(self.rows(scope).filter(self.recent(present)), wanted)

    def rows_of(self, scope: Scope, figure: Figure, present: Present, day: date | None = None) -> QuerySet[Any]:
        """Return exactly the rows that the figure counted, or those of them that fell on one day."""
        rows = self.rows(scope).filter(figure.condition(present))
        if day is None:
            return rows
        if not figure.moment:
            raise Invalid(
                "figure_has_no_days",
                _("这个数字不按天分。"),
                field="day",
                cure=_("去掉 day，或改看近 30 天的收件、受理、办结。"),
            )
        return rows.filter(**{f"{figure.moment}__gte": start_of(day), f"{figure.moment}__lt": start_of(day + ONE_DAY)})


def counts_of(groups: Sequence[Group], scope: Scope, present: Present) -> dict[str, int]:
    """Return every figure of these groups: one statement, whose parts know nothing of each other."""

    def write(now: datetime) -> Written:
        return side_by_side(group.counting(scope, replace(present, now=now)) for group in groups)

    is_asked_again = not scope.narrowed and not present.is_earlier
    key = (tuple(group.key for group in groups), scope.asked, present.month_text)
    found = counted(key if is_asked_again else None, present.now, write)
    return {key: found.get(key, 0) for group in groups for key in group.figures}
