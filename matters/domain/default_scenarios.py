"""The scenarios that every guide has to stand, made from its own steps."""

from __future__ import annotations

from datetime import datetime

from halls.domain.moments import SHANGHAI
from matters.domain.catalogue import MatterRecord
from matters.domain.scenario import Line, Scenario

# A quiet Monday, and the last Friday before the nine days of Spring Festival 2026: 2026 is a published year.
QUIET = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
BEFORE_THE_HOLIDAY = datetime(2026, 2, 13, 15, 30, tzinfo=SHANGHAI)
ACCEPTANCE_DAYS = 5  # 行政许可法 §32


def default_scenarios(record: MatterRecord) -> tuple[Scenario, ...]:
    """Return the plays for the usual way and for holiday, pause, correction, absence, silence and timeout."""
    level = record.accept_levels[0]
    plays = [_usual(record, level), _holiday(record, level)]
    if _can_pause(record):
        plays.append(_pause(level))
    plays += [_correction(level), _refusal(record, level), _withdrawal(level)]
    if record.handling != "immediate":
        plays += [_silence(level), _alone(level), _timeout(level)]
    plays.append(_absent(level))
    return tuple(plays)


def _can_pause(record: MatterRecord) -> bool:
    """Whether a special procedure stands before the decision: behind it (公示结果) there is no limit left to stop."""
    kinds = [step.kind for step in record.steps]
    decided = min((kinds.index(kind) for kind in ("decide", "instant") if kind in kinds), default=len(kinds))
    return "special" in kinds[:decided]


def _accepted() -> tuple[Line, ...]:
    return (Line(0, "receive"), Line(0, "accept"))


def _usual(record: MatterRecord, level: str) -> Scenario:
    in_time = ("已送达", "当天办结") if record.promised.amount == 0 and not _rests(record) else ("已送达", "没有超期")
    return Scenario("照常办结", QUIET, level, (*_accepted(), Line(0, "until_delivered", in_time)), "usual")


def _rests(record: MatterRecord) -> bool:
    return any(step.kind == "special" or step.days for step in record.steps)


def _holiday(record: MatterRecord, level: str) -> Scenario:
    lines = (Line(0, "receive"), Line(0, "accept", ("到期按承诺",)), Line(0, "until_delivered", ("没有超期",)))
    return Scenario("春节长假前受理", BEFORE_THE_HOLIDAY, level, lines, "holiday")


def _pause(level: str) -> Scenario:
    lines = (
        *_accepted(),
        Line(0, "until_special"),
        Line(0, "suspend", ("挂起", "停表")),
        Line(1, "resume"),
        Line(0, "until_delivered", ("已送达", "没有超期")),
    )
    return Scenario("特别程序停表", QUIET, level, lines, "pause")


def _correction(level: str) -> Scenario:
    lines = (
        Line(0, "receive"),
        Line(1, "request_correction", ("补正中",)),
        Line(3, "supply", ("收件",)),
        Line(0, "request_correction", ("不允许",)),
        Line(1, "accept", ("到期按承诺",)),
    )
    return Scenario("只能一次告知补正", QUIET, level, lines, "correction")


def _refusal(record: MatterRecord, level: str) -> Scenario:
    last = ("不予批准", "文书写明救济")
    lines = (*_accepted(), Line(0, "until_decision"), Line(0, "refuse", last), Line(1, "deliver", ("已送达",)))
    return Scenario("不予批准", QUIET, level, lines, "refusal")


def _withdrawal(level: str) -> Scenario:
    lines = (Line(0, "receive"), Line(1, "withdraw", ("已撤回",)))
    return Scenario("申请人撤回", QUIET, level, lines, "withdrawal")


def _silence(level: str) -> Scenario:
    lines = (
        Line(0, "receive"),
        Line(0, "deem_accepted", ("不允许",)),
        Line(ACCEPTANCE_DAYS + 1, "deem_accepted", ("在办", "到期按承诺")),
    )
    return Scenario("收件后沉默，视为受理", QUIET, level, lines, "silence")


def _alone(level: str) -> Scenario:
    lines = (*_accepted(), Line(0, "until_decision"), Line(0, "decide_alone", ("不允许",)))
    return Scenario("受理人不能自己决定", QUIET, level, lines, "separation")


def _timeout(level: str) -> Scenario:
    lines = (*_accepted(), Line(0, "look", ("到期按承诺",)), Line(0, "wait_until_due"), Line(1, "look", ("红灯",)))
    return Scenario("没有人办，亮红灯", QUIET, level, lines, "timeout")


def _absent(level: str) -> Scenario:
    return Scenario("决定岗位无人", QUIET, level, (*_accepted(), Line(0, "vacate", ("有人接办",))), "absence")
