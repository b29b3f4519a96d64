"""Weeks and months of statistics (一周一统计、一月一通报): whole days in Asia/Shanghai, Monday to Sunday. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from halls.domain.days import require_within_reach
from halls.domain.errors import Invalid
from halls.domain.worktime import ONE_DAY, start_of

WEEK: Final = timedelta(days=7)
LAST_MONTH: Final = 12


class PeriodKind(StrEnum):
    WEEK = "week"
    MONTH = "month"


KIND_LABELS: Final[dict[PeriodKind, str]] = {PeriodKind.WEEK: "每周统计", PeriodKind.MONTH: "每月通报"}


@dataclass(frozen=True, slots=True)
class Period:
    """One week or month. Raises Invalid when `first` is not its first day, or beyond every record."""

    kind: PeriodKind
    first: date

    def __post_init__(self) -> None:
        require_within_reach(self.first, "first")
        is_first = self.first.weekday() == 0 if self.kind is PeriodKind.WEEK else self.first.day == 1
        if not is_first:
            raise Invalid(
                "period_unsound", "统计期应从周一或每月 1 日开始。", field="first", cure="请从清单里选择统计期。"
            )

    @property
    def last(self) -> date:
        return self.following.first - ONE_DAY

    @property
    def begins_at(self) -> datetime:
        return start_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first moment that is no longer in it."""
        return start_of(self.last + ONE_DAY)

    @property
    def following(self) -> Period:
        if self.kind is PeriodKind.WEEK:
            return Period(self.kind, self.first + WEEK)
        year, month = divmod(self.first.month, LAST_MONTH)
        return Period(self.kind, date(self.first.year + year, month + 1, 1))

    @property
    def previous(self) -> Period:
        return period_of(self.kind, self.first - ONE_DAY)

    @property
    def label(self) -> str:
        """2026年3月, 2026年第10周（3月2日至3月8日）."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.first.year}年{self.first.month}月"
        year, week, _day = self.first.isocalendar()
        last = self.last
        return f"{year}年第{week}周（{self.first.month}月{self.first.day}日至{last.month}月{last.day}日）"

    def holds(self, moment: datetime) -> bool:
        return self.begins_at <= moment < self.ends_at

    def is_over(self, moment: datetime) -> bool:
        return moment >= self.ends_at


def month_asked(text: str, now: datetime) -> Period | None:
    """The month that an address asks for (2026-03); None without one, and for the month of `now`.

    Raises Invalid for what is no month, and for one that has not begun.
    """
    if not text:
        return None
    try:
        month = Period(PeriodKind.MONTH, date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise Invalid("month_unknown", "看不懂这个月份。", field="month", cure="请写成 2026-03 的样子。") from None
    if month.begins_at > now:
        raise Invalid("month_ahead", "这个月还没有到。", field="month", cure="请选本月或以前的月份。")
    return None if month.holds(now) else month


def period_of(kind: PeriodKind, day: date) -> Period:
    """Return the week or month in which the day lies."""
    if kind is PeriodKind.MONTH:
        return Period(kind, day.replace(day=1))
    return Period(kind, day - timedelta(days=day.weekday()))
