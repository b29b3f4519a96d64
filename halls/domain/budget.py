"""How long something may take: an amount and the unit the law counts it in."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from halls.domain.calendar import LAST_YEAR, out_of_range
from halls.domain.errors import Invalid

MAX_AMOUNT: Final = 9999
MONTHS: Final = 12


class Unit(StrEnum):
    """Units of limits, as they are written and stored."""

    WORKING_HOUR = "wh"
    WORKING_DAY = "wd"
    CALENDAR_DAY = "cd"
    MONTH = "mo"
    YEAR = "y"


UNIT_LABELS: Final = {
    Unit.WORKING_HOUR: "个工作小时",
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "个自然日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}
_LAST_ORDINAL: Final = date(LAST_YEAR, 12, 31).toordinal()
_WRITTEN: Final = re.compile(r"([0-9]{1,4})\s*(wh|wd|cd|mo|y)")


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit such as 20 working days. Raises Invalid for an amount outside 0 to 9999."""

    amount: int
    unit: Unit = Unit.WORKING_DAY

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise Invalid(
                "budget_out_of_range",
                f"期限的数量应在 0 到 {MAX_AMOUNT} 之间，收到 {self.amount}。",
                field="budget",
                cure="请核对期限。",
            )
        object.__setattr__(self, "unit", Unit(self.unit))

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Return the budget written as 4wh, 5wd, 7cd, 1mo or 1y; raises Invalid for anything else."""
        found = _WRITTEN.fullmatch(text.strip().lower())
        if found is None:
            raise Invalid(
                "budget_not_understood",
                f"看不懂期限“{text}”。",
                field="budget",
                cure="请写成数字加单位：4wh（工作小时）、5wd（工作日）、7cd（自然日）、1mo（月）、1y（年）。",
            )
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def label(self) -> str:
        """The budget in words: 5个工作日."""
        return f"{self.amount}{UNIT_LABELS[self.unit]}"


def add_months(day: date, months: int) -> date:
    """Return the corresponding day; a month without it ends on its last day (民法典 §202)."""
    month = day.month - 1 + months
    year, month = day.year + month // MONTHS, month % MONTHS + 1
    if year > LAST_YEAR:
        raise out_of_range()
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def day_at(ordinal: int) -> date:
    """Return the day with this ordinal; raises Invalid beyond the calendar's range."""
    if ordinal > _LAST_ORDINAL:
        raise out_of_range()
    return date.fromordinal(ordinal)
