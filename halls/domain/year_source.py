"""Where a year of the work calendar comes from."""

from __future__ import annotations

from dataclasses import dataclass


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
            return f"{self.year} 年：放假安排尚未发布，只按周末和固定节日推算"
        return f"{self.year} 年：{self.document_no or self.source}（第 {self.version} 版）"
