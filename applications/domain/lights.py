"""The light of a case: a function of now, never a stored colour. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from applications.domain.lifecycle import ENDED, Status
from halls.domain.calendar import WorkCalendar
from halls.domain.moments import local
from halls.domain.worktime import day_of


class Colour(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    DONE = "done"
    NONE = "none"


COLOUR_LABELS: dict[Colour, str] = {
    Colour.GREEN: "绿灯",
    Colour.YELLOW: "黄灯",
    Colour.RED: "红灯",
    Colour.PAUSED: "挂起",
    Colour.DONE: "已结束",
    Colour.NONE: "不计时",
}


@dataclass(frozen=True)
class Light:
    """A colour and the words that say how much time there is; `days` is negative when over."""

    colour: Colour
    words: str
    days: int | None = None

    @property
    def is_red(self) -> bool:
        return self.colour is Colour.RED


def warned_from(warn_at: datetime | None, yellow_at: datetime | None, due_at: datetime | None) -> datetime | None:
    """When a clock begins to colour its case yellow: with its warning, or a yellow card that comes before its end.

    A set of rules may know no warning; nobody holds a card while the light is green. A card that the end itself earns
    changes nothing: behind the end the light is red.
    """
    is_early = yellow_at is not None and (due_at is None or yellow_at < due_at)
    return min((at for at in (warn_at, yellow_at if is_early else None) if at is not None), default=None)


def colour_of(status: str, warn_at: datetime | None, late_at: datetime | None, now: datetime) -> Colour:
    """Due today is not overdue: red begins when the due moment has passed. A pause hides no red."""
    if status in ENDED:
        return Colour.DONE
    if status == Status.SUSPENDED and (late_at is None or now <= late_at):
        return Colour.PAUSED
    if late_at is None:
        return Colour.NONE
    if now > late_at:
        return Colour.RED
    return Colour.YELLOW if warn_at is not None and now >= warn_at else Colour.GREEN


def light_of(
    status: str,
    warn_at: datetime | None,
    late_at: datetime | None,
    now: datetime,
    calendar: WorkCalendar,
) -> Light:
    """The colour with its words: 还剩 2 个工作日, 今天到期，15:30 起转黄灯, 已超 1 个工作日."""
    colour = colour_of(status, warn_at, late_at, now)
    if late_at is None or colour in (Colour.DONE, Colour.PAUSED, Colour.NONE):
        words = {
            Colour.DONE: "已结束",
            Colour.PAUSED: "特别程序中，暂停计时",
            Colour.NONE: "等待申请人" if status == Status.CORRECTING else "不计时",
        }[colour]
        return Light(colour, words)
    words = words_of(colour, warn_at, late_at, now, calendar)
    return Light(colour, words, days_left(now, late_at, calendar))


def words_of(colour: Colour, warn_at: datetime | None, late_at: datetime, now: datetime, calendar: WorkCalendar) -> str:
    """How much time there is, the same words for every limit, of a case or not.

    Limits warn by rules of their own: where one is green with a day left and another yellow, the green one says when it
    turns.
    """
    days = days_left(now, late_at, calendar)
    words = words_for(days, is_over=colour is Colour.RED)
    if colour is not Colour.GREEN or days > 1 or warn_at is None:
        return words
    turns = local(warn_at)
    if day_of(warn_at) == day_of(now):
        return f"{words}，{turns:%H:%M} 起转黄灯"
    return f"{words}，{turns.month}月{turns.day}日转黄灯"


def days_left(now: datetime, due_at: datetime, calendar: WorkCalendar) -> int:
    """Working days left after today; negative when over, never 0 then."""
    today, due_on = day_of(now), day_of(due_at)
    if now > due_at:
        return -max(calendar.working_between(due_on, today), 1)
    return calendar.working_between(today, due_on)


def words_for(days: int, *, is_over: bool) -> str:
    if is_over:
        return f"已超 {-days} 个工作日"
    return "今天到期" if days == 0 else f"还剩 {days} 个工作日"
