"""The clock statement (时限说明单) of a clock of a case: page, paper and API print the same object."""

from __future__ import annotations

from dataclasses import replace

from applications.domain.clock import ClockFacts
from applications.domain.transitions import ClockKind
from halls.domain.budget import Unit
from halls.domain.statement import Statement, explain
from halls.domain.worktime import start_of
from halls.selectors.work_calendar import Moment


def statement_of(facts: ClockFacts, moment: Moment) -> Statement:
    """Explain, day by day, the due date that `derive` puts on this clock.

    A clock that was stopped is explained as it stood then.
    """
    at = facts.stopped_at or moment.at
    statement = explain(facts.started_at, facts.budget, moment.calendar, facts.pauses(), moment=at)
    if facts.kind is not ClockKind.SPECIAL or facts.budget.unit is not Unit.CALENDAR_DAY:
        return statement
    # 公示 7 日 ends on its seventh day, be it a Sunday: nothing is moved to the next working day.
    counted = [row for row in statement.rows if row.n is not None and row.n <= facts.budget.amount]
    last = counted[-1].date if counted else statement.start_on
    closing = start_of(last).replace(
        hour=moment.calendar.closing.hour,
        minute=moment.calendar.closing.minute,
        second=moment.calendar.closing.second,
    )
    rows = tuple(row for row in statement.rows if row.date <= last)
    return replace(statement, rows=rows, due=replace(statement.due, due_on=last, due_at=closing))
