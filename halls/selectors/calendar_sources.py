"""Which notice each published year of the calendar was taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from halls.domain.calendar import WorkCalendar
from halls.domain.year_source import YearSource
from halls.models import CalendarNotice, CalendarYear

_PAPERS = (
    CalendarNotice.objects.filter(year=OuterRef("year"), turn__isnull=False)
    .order_by("turn")
    .values(paper=JSONObject(kind=F("kind"), no=F("document_no")))
)
_last_read: tuple[str, Mapping[int, YearSource]] = ("", {})


def sources_of(calendar: WorkCalendar) -> Mapping[int, YearSource]:
    """Return the source of each published year: one statement, none while the calendar stays the same."""
    global _last_read
    version, known = _last_read
    if version != calendar.version or not version:
        rows = CalendarYear.objects.annotate(papers=ArraySubquery(_PAPERS)).values_list(
            "year", "document_no", "source", "version", "papers"
        )
        known = {year: YearSource(year, _cited(papers) or no, told, turn) for year, no, told, turn, papers in rows}
        _last_read = (calendar.version, known)
    return known


def _cited(papers: Sequence[Mapping[str, str]]) -> str:
    """Name the State's notice that holds and every document of the county since, in the order they came into force."""
    cited: list[str] = []
    for paper in papers:
        if paper["kind"] == CalendarNotice.Kind.STATE:
            cited = []  # a new notice of the State takes the place of all before it
        if paper["no"] and paper["no"] not in cited:
            cited.append(paper["no"])
    return "、".join(cited)
