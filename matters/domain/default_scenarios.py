"""The scenarios that every guide has to stand, made from its own steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from halls.domain.calendar import DayKind, WorkCalendar
from halls.domain.moments import SHANGHAI
from halls.domain.worktime import ONE_DAY, day_of
from matters.domain.catalogue import MatterRecord
from matters.domain.scenario import Line, Scenario

MORNING, AFTERNOON = time(9, 30), time(15, 30)
QUIET_DAYS = 14
AHEAD = timedelta(days=366)
ACCEPTANCE_DAYS = 5  # 行政许可法 §32


@dataclass(frozen=True, slots=True)
class StageDays:
    """When plays begin. Both lie ahead: whoever is in post today can be met there, and no past day is asked for."""

    quiet: datetime
    before_the_holiday: datetime


def stage_days(moment: datetime, calendar: WorkCalendar) -> StageDays:
    """Return the next Monday of two weeks without any special day, and the last working day before a long holiday.

    It is the longest of the year ahead, the first of several: as published, or by the fixed holidays where the notice
    for the next year is still to come.
    """
    today = day_of(moment)
    quiet = today + timedelta(days=7 - today.weekday())
    while any(calendar.special_day(quiet + timedelta(days=n)) is not None for n in range(QUIET_DAYS)):
        quiet += timedelta(days=7)
    last = calendar.shift_working(_longest_holiday(today + ONE_DAY, calendar), -1)
    return StageDays(
        datetime.combine(quiet, MORNING, tzinfo=SHANGHAI), datetime.combine(last, AFTERNOON, tzinfo=SHANGHAI)
    )


def _longest_holiday(first: date, calendar: WorkCalendar) -> date:
    """Return the day on which it begins, with the weekend that leads into it; a working day lies before it.

    A weekend, where the calendar has no holiday.
    """
    best, longest = first, (False, 0)
    day, end = calendar.next_working(first), first + AHEAD
    while day < end:
        begun = day + ONE_DAY
        day = calendar.next_working(begun)
        free = [begun + timedelta(days=n) for n in range((day - begun).days)]
        specials = [calendar.special_day(one) for one in free]
        rank = (any(one is not None and one.kind is DayKind.HOLIDAY for one in specials), len(free))
        if free and rank > longest:
            best, longest = begun, rank
    return best


def default_scenarios(record: MatterRecord, days: StageDays) -> tuple[Scenario, ...]:
    """Return the plays for the usual way and for holiday, pause, correction, absence, silence and timeout."""
    level, quiet = record.accept_levels[0], days.quiet
    plays = [_usual(record, level, quiet), _holiday(level, days.before_the_holiday)]
    if _can_pause(record):
        plays.append(_pause(level, quiet))
    plays += [_correction(level, quiet), _refusal(level, quiet), _withdrawal(level, quiet)]
    if record.handling != "immediate":
        plays += [_silence(level, quiet), _alone(level, quiet), _timeout(level, quiet)]
    plays.append(_absent(level, quiet))
    return tuple(plays)


def _can_pause(record: MatterRecord) -> bool:
    """Whether a special procedure stands before the decision: behind it (公示结果) there is no limit left to stop."""
    kinds = [step.kind for step in record.steps]
    decided = min((kinds.index(kind) for kind in ("decide", "instant") if kind in kinds), default=len(kinds))
    return "special" in kinds[:decided]


def _accepted() -> tuple[Line, ...]:
    return (Line(0, "receive"), Line(0, "accept"))


def _usual(record: MatterRecord, level: str, quiet: datetime) -> Scenario:
    in_time = ("已送达", "当天办结") if record.promised.amount == 0 and not _rests(record) else ("已送达", "没有超期")
    return Scenario("照常办结", quiet, level, (*_accepted(), Line(0, "until_delivered", in_time)), "usual")


def _rests(record: MatterRecord) -> bool:
    return any(step.kind == "special" or step.days for step in record.steps)


def _holiday(level: str, start: datetime) -> Scenario:
    lines = (Line(0, "receive"), Line(0, "accept", ("到期按承诺",)), Line(0, "until_delivered", ("没有超期",)))
    return Scenario("长假前受理", start, level, lines, "holiday")


def _pause(level: str, quiet: datetime) -> Scenario:
    lines = (
        *_accepted(),
        Line(0, "until_special"),
        Line(0, "suspend", ("挂起", "停表")),
        Line(1, "resume"),
        Line(0, "until_delivered", ("已送达", "没有超期")),
    )
    return Scenario("特别程序停表", quiet, level, lines, "pause")


def _correction(level: str, quiet: datetime) -> Scenario:
    lines = (
        Line(0, "receive"),
        Line(1, "request_correction", ("补正中",)),
        Line(3, "supply", ("收件",)),
        Line(0, "request_correction", ("不允许",)),
        Line(1, "accept", ("到期按承诺",)),
    )
    return Scenario("只能一次告知补正", quiet, level, lines, "correction")


def _refusal(level: str, quiet: datetime) -> Scenario:
    last = ("不予批准", "文书写明救济")
    lines = (*_accepted(), Line(0, "until_decision"), Line(0, "refuse", last), Line(1, "deliver", ("已送达",)))
    return Scenario("不予批准", quiet, level, lines, "refusal")


def _withdrawal(level: str, quiet: datetime) -> Scenario:
    lines = (Line(0, "receive"), Line(1, "withdraw", ("已撤回",)))
    return Scenario("申请人撤回", quiet, level, lines, "withdrawal")


def _silence(level: str, quiet: datetime) -> Scenario:
    lines = (
        Line(0, "receive"),
        Line(0, "deem_accepted", ("不允许",)),
        Line(ACCEPTANCE_DAYS + 1, "deem_accepted", ("在办", "到期按承诺")),
    )
    return Scenario("收件后沉默，视为受理", quiet, level, lines, "silence")


def _alone(level: str, quiet: datetime) -> Scenario:
    lines = (*_accepted(), Line(0, "until_decision"), Line(0, "decide_alone", ("不允许",)))
    return Scenario("受理人不能自己决定", quiet, level, lines, "separation")


def _timeout(level: str, quiet: datetime) -> Scenario:
    lines = (*_accepted(), Line(0, "look", ("到期按承诺",)), Line(0, "wait_until_due"), Line(1, "look", ("红灯",)))
    return Scenario("没有人办，亮红灯", quiet, level, lines, "timeout")


def _absent(level: str, quiet: datetime) -> Scenario:
    return Scenario("决定岗位无人", quiet, level, (*_accepted(), Line(0, "vacate", ("有人接办",))), "absence")
