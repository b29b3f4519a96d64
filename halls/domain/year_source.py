"""Where a year of the work calendar comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What a date over a year without a notice leans on: the holidays that move with the moon have no dates yet.
NOT_YET_KNOWN: Final = (
    "现在只扣除了周末和日期固定的节日，春节、清明、端午、中秋还没有扣除，遇到这些节日的，实际日期会更晚；发布后重新计算"
)


@dataclass(frozen=True, slots=True)
class YearSource:
    """The notice a year of the calendar was taken from; `version` is None for a year that is not published."""

    year: int
    document_no: str
    source: str
    version: int | None

    @property
    def words(self) -> str:
        if self.version is None:
            return f"{self.year} 年：放假安排尚未发布，{NOT_YET_KNOWN}"
        return f"{self.year} 年：{self.document_no or self.source}（第 {self.version} 版）"
