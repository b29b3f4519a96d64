"""Whether a change of a guide was in the system in time: within one working day of the order to change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from halls.domain.calendar import WorkCalendar

# 鞍山市政务服务中心标准化建设指标: 事项发生调整, 要在一个工作日内在系统中进行同步调整完善。
ALLOWED = 1


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The order, its last day, when the change was approved (None: not yet); `late` in working days behind it."""

    ordered_on: date
    due_on: date
    entered_on: date | None
    is_late: bool
    late: int
    is_provisional: bool

    @property
    def words(self) -> str:
        due = f"{self.due_on:%Y-%m-%d}"
        if self.is_late:
            behind = f"逾期 {self.late} 个工作日" if self.late else "逾期不满 1 个工作日"
            return f"应于 {due} 前调整到位，{behind}。" if self.entered_on else f"应于 {due} 前调整到位，已{behind}。"
        return f"应于 {due} 前调整到位，按时完成。" if self.entered_on else f"应于 {due} 前调整到位。"


def punctuality(ordered_on: date, entered_on: date | None, today: date, calendar: WorkCalendar) -> Punctuality:
    """Return how a change stands; the day of the order does not count (民法典 §201)."""
    due_on = calendar.shift_working(ordered_on, ALLOWED)
    until = entered_on or today
    return Punctuality(
        ordered_on=ordered_on,
        due_on=due_on,
        entered_on=entered_on,
        is_late=until > due_on,
        late=max(0, calendar.working_between(due_on, until)),
        is_provisional=not calendar.all_settled(ordered_on, due_on),
    )
