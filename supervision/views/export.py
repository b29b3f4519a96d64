"""A list as a file: the same rows, the definition of the figure, and no cell that a spreadsheet would execute."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.querysets import URGENT_FIRST, ApplicationQuerySet
from halls.selectors.work_calendar import Moment
from supervision.figures import Figure, Present
from supervision.selectors import drill
from supervision.selectors.figure_groups import group_of
from supervision.views.parts import watched_rows

LONGEST: Final = 20_000
CHUNK: Final = 500
STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Echo:
    """A file that gives every line back as soon as it is written."""

    def write(self, line: str) -> str:
        return line


def cases_as_csv(
    rows: ApplicationQuerySet, figure: Figure, moment: Moment, scope: str, present: Present
) -> StreamingHttpResponse:
    """Return the list as UTF-8 CSV with the mark that spreadsheets need to read Chinese."""
    ordered = URGENT_FIRST.ordered(drill.with_columns(rows))[:LONGEST]
    lines = _lines(ordered, figure, moment, scope, present)
    writer = csv.writer(_Echo())
    month = f"-{present.month_text}" if present.is_earlier else ""
    name = f"{figure.key}{month}-{moment.at:%Y%m%d-%H%M}.csv"
    text = (
        ("\ufeff" if number == 0 else "") + writer.writerow([guarded(cell) for cell in line])
        for number, line in enumerate(lines)
    )
    return StreamingHttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def guarded(cell: Any) -> str:
    """Return the cell as text that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _lines(
    rows: QuerySet[Application], figure: Figure, moment: Moment, scope: str, present: Present
) -> Iterator[list[Any]]:
    yield [
        _("数字"),
        present.worded(group_of(figure.key).name_of(figure)),
        _("定义"),
        present.worded(figure.definition),
    ]
    yield [_("范围"), scope]
    yield [_("时间"), f"{moment.at:%Y-%m-%d %H:%M}", _("最多"), LONGEST]
    yield [
        _("办件编号"), _("事项"), _("申请人"), _("来自"), _("在谁手上"),
        _("状态"), _("灯"), _("用时和时限"), _("到期"),
    ]  # fmt: skip
    for row in watched_rows(rows.iterator(chunk_size=CHUNK), moment):
        due = f"{row['due']:%Y-%m-%d %H:%M}" if row["due"] else ""
        yield [
            row["number"], row["matter"], row["applicant"], row["village"], row["owner"], row["status"],
            row["light_kind"], row["light_words"], due,
        ]  # fmt: skip
