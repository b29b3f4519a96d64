"""Publish years of the work calendar: the one way in which its days change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from halls.domain.calendar_file import Arrangement
from halls.domain.errors import Invalid, Problem
from halls.models import CalendarDay, CalendarYear


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """What became of one year; the numbers are its days."""

    year: int
    version: int
    result: Literal["added", "changed", "unchanged"]
    added: int = 0
    changed: int = 0
    removed: int = 0


@transaction.atomic
def load_calendar(arrangements: Sequence[Arrangement]) -> list[LoadedYear]:
    """Publish these years, all or none; a year that says the same as before is not touched.

    Raises Invalid when two years claim one day. Clocks keep their dates until they are derived again.
    """
    years = {year.year: year for year in CalendarYear.objects.select_for_update()}
    _refuse_days_of_two_years(arrangements)
    return [_publish(arrangement, years.get(arrangement.year)) for arrangement in arrangements]


def _refuse_days_of_two_years(arrangements: Sequence[Arrangement]) -> None:
    loaded = {arrangement.year for arrangement in arrangements}
    owner = dict(CalendarDay.objects.exclude(year__in=loaded).values_list("date", "year_id"))
    problems = []
    for arrangement in arrangements:
        for day in arrangement.days:
            other = owner.setdefault(day.date, arrangement.year)
            if other != arrangement.year:
                message = _("%(day)s 已由 %(year)s 年的安排规定。") % {"day": day.date, "year": other}
                problems.append(Problem(f"{arrangement.year} days", message))
    if problems:
        raise Invalid(
            "calendar_day_of_two_years",
            _("同一天出现在两个年度的安排里，没有导入任何内容。"),
            cure=_("请只在下达该安排的年度里保留这一天。"),
            problems=tuple(problems),
        )


def _publish(arrangement: Arrangement, year: CalendarYear | None) -> LoadedYear:
    digest = arrangement.sha256
    if year is not None and year.sha256 == digest:
        return LoadedYear(year.year, year.version, "unchanged")
    is_new = year is None
    year = year or CalendarYear(year=arrangement.year, version=0)
    year.document_no = arrangement.document_no
    year.published_on = arrangement.published_on
    year.source = arrangement.source
    year.sha256 = digest
    year.version += 1
    year.save()
    added, changed, removed = _replace_days(arrangement, year)
    return LoadedYear(year.year, year.version, "added" if is_new else "changed", added, changed, removed)


def _replace_days(arrangement: Arrangement, year: CalendarYear) -> tuple[int, int, int]:
    """Touch only the days that differ, so that each day's history tells what happened to it."""
    before = {day.date: day for day in year.days.all()}
    wanted = {day.date: day for day in arrangement.days}
    for gone in before.keys() - wanted.keys():
        before[gone].delete()
    changed = 0
    fresh: list[CalendarDay] = []
    for when, want in wanted.items():
        day = before.get(when)
        if day is None:
            fresh.append(CalendarDay(year=year, date=when, kind=want.kind, name=want.name))
        elif (day.kind, day.name) != (want.kind.value, want.name):
            day.kind, day.name = want.kind.value, want.name
            day.save()
            changed += 1
    bulk_create_with_history(fresh, CalendarDay)
    return len(fresh), changed, len(before.keys() - wanted.keys())
