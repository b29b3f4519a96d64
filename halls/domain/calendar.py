"""The legal work calendar: which day is a working day, why, and counting in constant time.

Source: 行政许可法 §82 (limits are working days without statutory holidays); 全国年节及纪念日放假办法;
the yearly notice of 国务院办公厅 (which days are off, which weekend days are worked instead).
Hall opening hours (赶场日, 延时服务) never enter here.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from halls.domain.errors import Invalid
from halls.domain.office_hours import USUAL_HOURS, OfficeHours

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2199
WEEKDAYS: Final = 5
SHORTEST_YEAR: Final = 240  # fewer working days than any year has; only used to guess how far to look
LABOUR_DAY_DOUBLED: Final = 2025  # 国务院令第795号: 劳动节 is 1 and 2 May from 2025-01-01 on
NEW_YEAR: Final = "元旦"
LABOUR_DAY: Final = "劳动节"
NATIONAL_DAY: Final = "国庆节"
# The first day of a year that the notice for the next year has ever moved: it ordered 29 December worked and 30 and
# 31 December off for 元旦 2008 and 元旦 2019 (国办发明电〔2018〕15号). The other notices since 2004 reached less far.
NEXT_NOTICE_REACHES: Final = (12, 29)


class DayKind(StrEnum):
    """What a special day is: off, or a weekend day that is worked."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"


class SpecialDay(NamedTuple):
    kind: DayKind
    name: str


def arranged_words(kind: DayKind, name: str, county_document: str = "") -> str:
    """Return what a special day is; what the county ordered itself is no statutory holiday, and names its document."""
    if county_document:
        return f"{'本县上班' if kind is DayKind.MAKEUP else '本县放假'}·{name}（{county_document}）"
    return f"{'调休上班' if kind is DayKind.MAKEUP else '法定节假日'}·{name}"


def out_of_range() -> Invalid:
    return Invalid(
        "date_out_of_range", f"日期超出可计算的范围（{FIRST_YEAR} 至 {LAST_YEAR} 年）。", cure="请核对起算时间和期限。"
    )


def fixed_holidays(year: int) -> dict[date, SpecialDay]:
    """Return the statutory holidays whose dates need no notice (the lunar ones do)."""
    names = {date(year, 1, 1): NEW_YEAR, date(year, 5, 1): LABOUR_DAY}
    if year >= LABOUR_DAY_DOUBLED:
        names[date(year, 5, 2)] = LABOUR_DAY
    names |= {date(year, 10, day): NATIONAL_DAY for day in (1, 2, 3)}
    return {day: SpecialDay(DayKind.HOLIDAY, name) for day, name in names.items()}


class _Table(NamedTuple):
    """The working days of some whole years, numbered: both directions are one look-up."""

    first: int  # ordinal of the first day
    last: int
    zero: int  # running number of the last working day before the first day
    before: array[int]  # before[i]: working days among the first i days; one entry more than days
    working: array[int]  # ordinals of the working days, ascending


@dataclass(frozen=True)
class WorkCalendar:
    """Published years and their special days; immutable, so all threads may share it.

    A year that is not published counts with plain weekends and the fixed-date statutory holidays,
    and results that lean on it are provisional. `hours` are the office hours of every working day, in which limits in
    working hours run; they move no limit in days. `county` names the county's own document behind each special day that
    the State's notice does not have.
    """

    published: frozenset[int]
    special: Mapping[date, tuple[str, str]] = field(hash=False, repr=False)
    version: str = ""
    hours: OfficeHours = USUAL_HOURS
    county: Mapping[date, str] = field(default_factory=dict, hash=False, repr=False)
    _table: _Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {day: SpecialDay(DayKind(kind), name) for day, (kind, name) in self.special.items()}
        object.__setattr__(self, "published", frozenset(self.published))
        object.__setattr__(self, "special", MappingProxyType(known))
        object.__setattr__(self, "county", MappingProxyType(dict(self.county)))
        years = self.published or {LABOUR_DAY_DOUBLED}
        object.__setattr__(self, "_table", self._build(min(years) - 1, max(years) + 2))

    # What a day is

    def is_published(self, year: int) -> bool:
        return year in self.published

    def special_day(self, day: date) -> SpecialDay | None:
        """Return how this day differs from the plain week, or None."""
        found = self.special.get(day)
        if found is not None:
            return SpecialDay(DayKind(found[0]), found[1])
        return None if day.year in self.published else fixed_holidays(day.year).get(day)

    def is_working(self, day: date) -> bool:
        table, index = self._locate(day)
        return table.before[index + 1] > table.before[index]

    def why(self, day: date) -> str:
        """Return what the day is, in words: 工作日, 周末, 法定节假日·春节, 调休上班·春节.

        A day of the county's own is told with its document: 本县放假·县庆（奉节府发〔2026〕3号）.
        """
        special = self.special_day(day)
        if special is None:
            return "工作日" if day.weekday() < WEEKDAYS else "周末"
        return arranged_words(special.kind, special.name, self.county.get(day, ""))

    def is_settled(self, day: date) -> bool:
        """Return whether no notice that is still to come can change what this day is.

        The last days of December wait for the notice of the next year, which may reach into them.
        """
        waits = (day.month, day.day) >= NEXT_NOTICE_REACHES
        return day.year in self.published and (not waits or day.year + 1 in self.published)

    def all_settled(self, first: date, last: date) -> bool:
        """Return whether every day from the first to the last (inclusive) is settled."""
        return self.published.issuperset(range(first.year, last.year)) and self.is_settled(last)

    # Counting

    def number(self, day: date) -> int:
        """Return the running number of the day: working days up to and including it.

        Only differences of numbers mean anything; they stay the same for the life of the object.
        """
        table, index = self._locate(day)
        return table.zero + table.before[index + 1]

    def numbered(self, number: int) -> date:
        """Return the working day that bears the running number."""
        table = self._table
        while True:
            place = number - table.zero - 1
            if place < 0:
                table = self._grow(date.fromordinal(table.first).year - 1 + place // SHORTEST_YEAR)
            elif place >= len(table.working):
                beyond = place - len(table.working)
                table = self._grow(date.fromordinal(table.last).year + 1 + beyond // SHORTEST_YEAR)
            else:
                return date.fromordinal(table.working[place])

    def working_between(self, after: date, through: date) -> int:
        """Return the number of working days in (after, through]; negative when `through` lies before."""
        return self.number(through) - self.number(after)

    def next_working(self, day: date) -> date:
        """Return the day itself when it is a working day, else the next one (民法典 §203)."""
        return day if self.is_working(day) else self.numbered(self.number(day) + 1)

    def shift_working(self, day: date, number: int) -> date:
        """Return the `number`-th working day after the day, or before it when negative.

        The day itself never counts. Zero returns the day itself, or else the next working day.
        """
        if number == 0:
            return self.next_working(day)
        here = self.number(day)
        if number < 0 and not self.is_working(day):
            here += 1  # the last working day before a day off is already one back
        return self.numbered(here + number)

    # The numbered days behind it

    def _locate(self, day: date) -> tuple[_Table, int]:
        if isinstance(day, datetime):
            raise TypeError("A day is a date; take the day of a moment with worktime.day_of().")
        table = self._table
        index = day.toordinal() - table.first
        if 0 <= index <= table.last - table.first:
            return table, index
        table = self._grow(day.year)
        return table, day.toordinal() - table.first

    def _grow(self, year: int) -> _Table:
        """Widen the numbered range to the year. Threads may race here: each result is right, one stays."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise out_of_range()
        old = self._table
        low, high = date.fromordinal(old.first).year, date.fromordinal(old.last).year
        new = self._build(min(low, year), max(high, year))
        new = new._replace(zero=old.zero - new.before[old.first - new.first])
        object.__setattr__(self, "_table", new)
        return new

    def _build(self, first_year: int, last_year: int) -> _Table:
        first, last = date(first_year, 1, 1), date(last_year, 12, 31)
        special: dict[date, SpecialDay] = {}
        for year in range(first_year, last_year + 1):
            if year not in self.published:
                special |= fixed_holidays(year)
        special |= {day: SpecialDay(DayKind(kind), name) for day, (kind, name) in self.special.items()}
        before, working = array("i", [0]), array("i")
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            found = special.get(date.fromordinal(ordinal))
            # Ordinal 1 was a Monday.
            if (ordinal - 1) % 7 < WEEKDAYS if found is None else found.kind is DayKind.MAKEUP:
                working.append(ordinal)
            before.append(len(working))
        return _Table(first.toordinal(), last.toordinal(), 0, before, working)


NO_CALENDAR: Final = WorkCalendar(frozenset(), {})
"""A calendar without any published year: everything it says is provisional."""
