"""A list as a file: the very rows its page prints, how they were counted, and no cell that a spreadsheet executes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.printable import printable
from matters.workbook import STARTS_A_FORMULA, written
from supervision.figures import Text
from supervision.views.parts import address

LONGEST: Final = 20_000
CHUNK: Final = 500
CSV, XLSX = "csv", "xlsx"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_NO_NAME: Final = re.compile(r'[\\/:：*?"<>|\s]+')  # what a system of files takes for something else
Row = dict[str, Any]
Column = tuple[Text, Callable[[Row], Any]]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list on its way into a file; `label` names it, `rows` are those of the page, `columns` read them."""

    label: Text
    definition: Text
    scope: str
    columns: Sequence[Column]
    rows: Iterable[Row]


class _Echo:
    """A file that gives every line back as soon as it is written."""

    def write(self, line: str) -> str:
        return line


def file_asked(request: HttpRequest) -> str:
    """The form in which the list is asked for as a file, "" for the page."""
    asked = request.GET.get("format", "")
    return asked if asked in (CSV, XLSX) else ""


def export_links(page: str, **query: str) -> list[dict[str, str]]:
    """The same list as a file, for components/pager.html; `query` is all that narrows the page."""
    labels = {XLSX: _("导出 Excel"), CSV: _("导出 CSV")}
    return [{"label": label, "url": address(page, **query, format=form)} for form, label in labels.items()]


def post_words(actor: Actor) -> str:
    """In whose scope a list was read that is narrowed by nothing but the duties of whoever reads it."""
    return " ".join(part for part in (actor.hall_name, actor.post) if part)


def by_chunks(ordered: QuerySet[M], printed: Callable[[list[M]], Iterable[Row]]) -> Iterator[Row]:
    """The rows of a list as its page prints them, so many at a time: what is read with them is read with many."""
    found = ordered[:LONGEST].iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield from printed(chunk)


def as_file(form: str, sheet: Sheet, at: datetime) -> HttpResponseBase:
    """Return the list as CSV, line by line and with the mark that spreadsheets need to read Chinese, or as Excel."""
    name = f"{_IN_NO_NAME.sub('-', printable(str(sheet.label)))}-{at:%Y%m%d-%H%M}.{form}"
    heads = [str(head) for head, _read in sheet.columns]
    lines = ([printable(str(read(row))) for _head, read in sheet.columns] for row in sheet.rows)
    about = [
        [_("数字"), str(sheet.label), _("定义"), str(sheet.definition)],
        [_("范围"), sheet.scope],
        [_("时间"), f"{at:%Y-%m-%d %H:%M}", _("最多"), str(LONGEST)],
    ]
    if form == XLSX:
        pairs = [line[start : start + 2] for line in about for start in range(0, len(line), 2)]
        book = written({_("清单"): [heads, *lines], _("说明"): [[_("项目"), _("内容")], *pairs]})
        return download(io.BytesIO(book), name, XLSX_TYPE)
    writer = csv.writer(_Echo())
    text = (
        ("\ufeff" if number == 0 else "") + writer.writerow([guarded(cell) for cell in line])
        for number, line in enumerate(_joined(about, heads, lines))
    )
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return _private(StreamingHttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers))


def guarded(cell: Any) -> str:
    """Return the cell as text that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def download(stream: BinaryIO, name: str, kind: str) -> HttpResponseBase:
    """A file for this reader alone: a draft, or a list in somebody's scope, is nobody else's business."""
    return _private(FileResponse(stream, as_attachment=True, filename=name, content_type=kind))


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _joined(about: list[list[str]], heads: list[str], lines: Iterable[list[str]]) -> Iterator[list[str]]:
    yield from about
    yield heads
    yield from lines
