"""The clock statement (时限说明单) of a case's clock: every day counted or skipped, with its reason.

One object for the page, the API and whoever else must explain a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from applications.domain.clock import ClockFacts, granted_until
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove
from applications.models import Application, CardRule, Clock
from applications.selectors.clock_facts import clock_facts
from halls.domain.budget import Budget, Unit
from halls.domain.statement import Statement, explain
from halls.domain.worktime import ONE_DAY, SHANGHAI, Pause, day_of, start_of
from halls.selectors.work_calendar import Moment

GROUNDS: Final[dict[str, str]] = {
    ClockKind.PRE_REVIEW: "本县默认规则：网上提交后 1 个工作日内预审",
    ClockKind.ACCEPTANCE: "行政许可法第三十二条：5 个工作日内受理或一次性告知",
    ClockKind.PROMISED: "办事指南公布的承诺时限",
    ClockKind.STATUTORY: "办事指南载明的法定时限",
    ClockKind.STEP: "办事指南公布的环节时限",
    ClockKind.SPECIAL: "行政许可法第四十五条：特别程序所需时间不计入期限",
    ClockKind.DELIVERY: "行政许可法第四十四条：作出决定后 10 个工作日内颁发、送达",
    ClockKind.SUPPLEMENT: "一次性告知书载明的补正期限",
}
MOVES: Final[dict[str, str]] = {
    ClockMove.START: "起算",
    ClockMove.PAUSE: "暂停",
    ClockMove.RESUME: "恢复",
    ClockMove.STOP: "停止",
    ClockMove.EXTEND: "延长",
}
LONGEST_DELAY: Final = 31  # days behind the due day that are written out; the number of all of them is told anyway


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `part`: "limit", "unused" (behind the stop) or "over" (behind the due day, `n` starts anew)."""

    date: date
    counted: bool
    n: int | None
    reason: str
    provisional: bool
    part: str = "limit"


@dataclass(frozen=True, slots=True)
class Rung:
    """A warning or card of this clock, and whether its moment has come."""

    level: str
    label: str
    at: datetime
    is_reached: bool


@dataclass(frozen=True, slots=True)
class ClockStatement:
    """A clock, explained. Moments are in Asia/Shanghai; `due_at` is None while it is paused."""

    clock_id: int
    kind: str
    label: str
    ground: str
    step_seq: int | None
    state: str
    state_label: str
    budget: str
    carried: int
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    provisional: bool
    used: int
    over: int
    facts: tuple[tuple[str, datetime, date | None], ...]
    rungs: tuple[Rung, ...]
    days: tuple[Day, ...]

    @property
    def due_on(self) -> date | None:
        return day_of(self.due_at) if self.due_at else None

    def as_dict(self) -> dict[str, Any]:
        """The statement for JSON; `days` as `manage.py explain_limit` prints them."""
        return {
            "clock": self.clock_id,
            "kind": self.kind,
            "label": self.label,
            "ground": self.ground,
            "step_seq": self.step_seq,
            "state": self.state,
            "budget": self.budget,
            "carried": self.carried,
            "started_at": self.started_at.isoformat(),
            "stopped_at": self.stopped_at and self.stopped_at.isoformat(),
            "due_at": self.due_at and self.due_at.isoformat(),
            "due_on": self.due_on and self.due_on.isoformat(),
            "provisional": self.provisional,
            "used": self.used,
            "over": self.over,
            "facts": [
                {"move": move, "at": at.isoformat(), "granted_until": until and until.isoformat()}
                for move, at, until in self.facts
            ],
            "rungs": [
                {"level": rung.level, "at": rung.at.isoformat(), "is_reached": rung.is_reached} for rung in self.rungs
            ],
            "days": [
                {
                    "date": day.date.isoformat(),
                    "counted": day.counted,
                    "n": day.n,
                    "reason": day.reason,
                    "provisional": day.provisional,
                    "part": day.part,
                }
                for day in self.days
            ],
        }


def find_clock(application: Application, clock_id: int) -> Clock | None:
    """Return the clock of this very case with its facts (two statements), or None."""
    return Clock.objects.filter(application=application, pk=clock_id).prefetch_related("facts").first()


def statement_of(clock: Clock, moment: Moment) -> ClockStatement:
    """Explain the clock as it stands at the moment. Reads nothing when `clock.facts` is prefetched."""
    ledger = sorted(clock.facts.all(), key=lambda fact: fact.pk)
    facts = clock_facts(clock, ledger)
    seen = facts.stopped_at or moment.at
    due_at = clock.due_at and clock.due_at.astimezone(SHANGHAI)
    over = moment.calendar.working_between(day_of(due_at), day_of(seen)) if due_at and seen > due_at else 0
    return ClockStatement(
        clock_id=clock.pk,
        kind=clock.kind,
        label=CLOCK_LABELS[ClockKind(clock.kind)],
        ground=GROUNDS[clock.kind],
        step_seq=clock.step_seq,
        state=clock.state,
        state_label=str(clock.get_state_display()),
        budget=facts.budget.label,
        carried=clock.carried,
        started_at=clock.started_at.astimezone(SHANGHAI),
        stopped_at=facts.stopped_at and facts.stopped_at.astimezone(SHANGHAI),
        due_at=due_at,
        provisional=clock.is_provisional,
        used=facts.days_used(moment.at, moment.calendar),
        over=over,
        facts=tuple((fact.move, fact.at.astimezone(SHANGHAI), fact.granted_until) for fact in ledger),
        rungs=tuple(_rungs(clock, seen)),
        days=tuple(_days(facts, moment, due_at)),
    )


def _rungs(clock: Clock, seen: datetime) -> Iterator[Rung]:
    for level, at in (
        (CardRule.Level.WARNING, clock.warn_at),
        (CardRule.Level.YELLOW, clock.yellow_at),
        (CardRule.Level.RED, clock.red_at),
    ):
        if at is not None:
            yield Rung(level.value, str(level.label), at.astimezone(SHANGHAI), at < seen)


def _days(facts: ClockFacts, moment: Moment, due_at: datetime | None) -> Iterator[Day]:
    found = _explained(facts, moment)
    stopped_on = day_of(facts.stopped_at) if facts.stopped_at else None
    last = _last_day(facts, moment, found)
    for row in found.rows:
        if last is not None and row.date > last:
            break
        part = "unused" if stopped_on and row.date > stopped_on else "limit"
        yield Day(row.date, row.counted, row.n, row.reason, row.provisional, part)
    if last is not None and facts.kind is ClockKind.SPECIAL and facts.budget.unit is Unit.CALENDAR_DAY:
        yield from _days_to_conclude(last, stopped_on, moment)
    if due_at is not None:
        yield from _days_over(day_of(due_at), stopped_on or day_of(moment.at), moment)


def _days_to_conclude(last: date, stopped_on: date | None, moment: Moment) -> Iterator[Day]:
    """Behind the last day of a publicity: up to the working day on which the organ has to conclude it."""
    for row in explain(start_of(last), Budget(1), moment.calendar).rows:
        part = "unused" if stopped_on and row.date > stopped_on else "limit"
        reason = f"期满后的办结日·{row.reason}" if row.counted else row.reason
        yield Day(row.date, row.counted, None, reason, row.provisional, part)


def _explained(facts: ClockFacts, moment: Moment) -> Statement:
    pauses = facts.pauses()
    asked = facts.stopped_at or moment.at
    if facts.is_paused:
        # Until somebody resumes it the clock has no due date, even when the granted days are over.
        asked = min(asked, _end_of_grant(pauses[-1]) or asked)
    return explain(facts.started_at, facts.budget, moment.calendar, pauses, facts.extensions, moment=asked)


def _end_of_grant(pause: Pause) -> datetime | None:
    if pause.granted_until is None:
        return None
    last = max(pause.granted_until, pause.start)
    return datetime(last.year, last.month, last.day, tzinfo=SHANGHAI)


def _last_day(facts: ClockFacts, moment: Moment, found: Statement) -> date | None:
    """公示 7 日 ends on its seventh day, be it a Sunday; every other limit where the statement says."""
    if facts.kind is ClockKind.SPECIAL and facts.budget.unit is Unit.CALENDAR_DAY:
        return granted_until(facts.started_at, facts.budget, moment.calendar)
    return found.due_on


def _days_over(due_on: date, through: date, moment: Moment) -> Iterator[Day]:
    n = 0
    for after in range(1, min((through - due_on).days, LONGEST_DELAY) + 1):
        day = due_on + ONE_DAY * after
        counted = moment.calendar.is_working(day)
        n += counted
        reason = moment.calendar.why(day)
        provisional = not moment.calendar.is_settled(day)
        yield Day(day, counted, n if counted else None, reason, provisional, "over")
