"""The sentences of a clock statement: for those who must prove it, and plain ones for those who wait."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.clock import guide_budget
from applications.domain.clock_statement import ClockStatement
from applications.domain.transitions import ClockKind
from applications.models import ApplicationStep, Clock
from applications.selectors.promises import CasePromise
from applications.selectors.statement_days import Course
from halls.domain.budget import Budget
from halls.domain.worktime import ONE_DAY, SHANGHAI, day_of
from matters.models import MatterVersion

WEEKDAYS: Final = "一二三四五六日"
GROUNDS: Final = {
    ClockKind.PRE_REVIEW: gettext_lazy("本县默认规则：网上提交后 1 个工作日内预审"),
    ClockKind.ACCEPTANCE: gettext_lazy(
        "行政许可法第三十二条：5 个工作日内受理或一次性告知，逾期不告知的自收到材料之日起即为受理"
    ),
    ClockKind.PROMISED: gettext_lazy("办事指南第 %(version)s 版公布的承诺时限"),
    ClockKind.STATUTORY: gettext_lazy("办事指南第 %(version)s 版载明的法定时限"),
    ClockKind.STEP: gettext_lazy("办事指南第 %(version)s 版公布的环节时限"),
    ClockKind.SPECIAL: gettext_lazy("行政许可法第四十五条：特别程序所需时间不计入期限"),
    ClockKind.DELIVERY: gettext_lazy(
        "行政许可法第四十四条：作出决定后 10 个工作日内颁发、送达；本县承诺更短。"
        "等申请人来领的日子不除外：第四十五条没有列入，送达由拿着结果的单位负责"
    ),
    ClockKind.SUPPLEMENT: gettext_lazy("一次性告知书载明的补正期限"),
}


# Where the hall that accepted promised less than the guide.
OWN_GROUNDS: Final = {
    ClockKind.PROMISED: gettext_lazy("%(whose)s；办事指南第 %(version)s 版"),
    ClockKind.STEP: gettext_lazy("办事指南第 %(version)s 版公布的环节时限，按本厅承诺的 %(days)s 个工作日缩短"),
}


class Plain(NamedTuple):
    """What a clock means to the person who waits: what was promised, what must be done by then, what was done."""

    promise: object
    last: object
    done: object


PLAIN: Final = {
    ClockKind.PRE_REVIEW: Plain(gettext_lazy("窗口看材料，期限 %s"), gettext_lazy("看完"), gettext_lazy("看完了")),
    ClockKind.ACCEPTANCE: Plain(
        gettext_lazy("窗口答复受不受理，期限 %s"), gettext_lazy("答复"), gettext_lazy("答复了")
    ),
    ClockKind.PROMISED: Plain(gettext_lazy("承诺 %s"), gettext_lazy("办完"), gettext_lazy("办完了")),
    ClockKind.STATUTORY: Plain(gettext_lazy("法律规定最多 %s"), gettext_lazy("办完"), gettext_lazy("办完了")),
    ClockKind.STEP: Plain(gettext_lazy("这一步给了 %s"), gettext_lazy("办完"), gettext_lazy("办完了")),
    ClockKind.SPECIAL: Plain(
        gettext_lazy("这个程序批准了 %s，不算在承诺时间里"), gettext_lazy("结束"), gettext_lazy("结束了")
    ),
    ClockKind.DELIVERY: Plain(gettext_lazy("决定以后 %s内送到"), gettext_lazy("送到"), gettext_lazy("送到了")),
    ClockKind.SUPPLEMENT: Plain(gettext_lazy("您补材料的时间是 %s"), gettext_lazy("补齐"), gettext_lazy("补齐了")),
}


def ground(clock: Clock, guide: MatterVersion, promise: CasePromise) -> str:
    """On what the limit rests: the article, the hall's own promise, or the guide under which the case was accepted."""
    kind = ClockKind(clock.kind)
    text = str((OWN_GROUNDS if promise.hall else GROUNDS).get(kind, GROUNDS[kind])) % {
        "version": guide.number,
        "days": promise.days,
        "whose": promise.whose(),
    }
    note = {ClockKind.PROMISED: guide.promised_note, ClockKind.STATUTORY: guide.statutory_note}.get(kind, "")
    return f"{text}（{note}）" if note else text


class Early(NamedTuple):
    """A procedure that was ended while the public still had days: how many, and why."""

    days: int
    reason: str


@dataclass(frozen=True)
class Words:
    """The sentences of one statement.

    `to_come`: the procedures ahead that are not counted and not begun; `waits_for`: the one that pauses the clock.
    """

    statement: ClockStatement
    course: Course
    to_come: Sequence[ApplicationStep] = ()
    waits_for: str = ""
    early: Early | None = None

    def summary(self) -> str:
        """The statement in one official sentence."""
        statement = self.statement
        words = {"start": moment_words(statement.started_at), "budget": self._limit()}
        begin = _("自 %(start)s 起，期限 %(budget)s；") % words
        if self.course.is_at_once:
            begin = _("自 %(start)s 起，即办件，当场办结，最晚当天；当天不上班的，顺延到下一个工作日。") % words
        else:
            begin += _("从当时起按办公时间计算。") if self.course.in_hours else _("起算当日不计。")
        if statement.since is not None and statement.start is not None:
            words = {"verb": statement.start.label, "at": moment_words(statement.start.at)}
            begin += _("依法溯及较早的时刻起算（%(verb)s记于 %(at)s）。") % words
        if statement.due_at is None:
            return begin + self._paused()
        if statement.provisional:
            begin += _("%(why)s，下面的日期为暂算。") % {"why": statement.why_provisional}
        return begin + self._end(statement.due_at) + self._ending() + self._added()

    def _end(self, due_at: datetime) -> str:
        words = {"due": day_words(due_at), "time": f"{due_at:%H:%M:%S}"}
        if self.course.publicity_ends is None:
            return _("到期日 %(due)s，当日 %(time)s 届满。") % words
        words |= {"name": self._procedure(), "last": day_words(self.course.publicity_ends)}
        return (
            _("%(name)s到 %(last)s24 时满；其后由承办单位办结，最晚在下一个工作日 %(due)s，当日 %(time)s 届满。")
            % words
        )

    def plain(self) -> str:
        """The statement as one would say it at the counter."""
        statement, words = self.statement, PLAIN[ClockKind(self.statement.kind)]
        head = (
            str(words.promise) % _spaced(self._limit()) if not self.course.is_at_once else _("承诺当场办结，最晚当天")
        )
        if statement.stopped_at is not None:
            return f"{head}，{self._plain_end(words)}"
        if statement.due_at is None:
            return f"{head}，{self._plain_pause()}"
        told: dict[str, object] = {"due": self._by(statement.due_at), "verb": self._verb(words)}
        told |= {"over": statement.over, "unit": statement.unit}
        if self.course.is_over:
            return f"{head}，" + _("最晚应当 %(due)s%(verb)s，现在超过了 %(over)s %(unit)s。") % told + self._added()
        last = _("最晚 %(due)s%(verb)s") % told
        if self.course.publicity_ends is not None:
            told["last"] = self._day(self.course.publicity_ends)
            last = _("到 %(last)s过完为止，承办单位最晚 %(due)s办结") % told
        tail = _("%(why)s，这个日期可能会变。") % {"why": statement.why_provisional} if statement.provisional else ""
        today = "" if self.course.is_at_once else f"{self._today()}，"
        return f"{head}，{today}{last}。{tail}{self._added()}"

    def _limit(self) -> str:
        more = "".join(_("，延长 %s") % extension for extension in self.statement.extensions)
        return f"{self.statement.budget}{more}"

    def _procedure(self) -> str:
        return f"「{self.statement.step}」" if self.statement.step else _("这个程序")

    def _verb(self, words: Plain) -> object:
        """A step that waits for its procedure is not to be done by its date, but to be begun."""
        names = [step.name for step in self.to_come if step.seq == self.statement.step_seq]
        is_step = self.statement.kind == ClockKind.STEP
        return _("开始「%(name)s」") % {"name": names[0]} if is_step and names else words.last

    def _added(self) -> str:
        """The procedures that come in addition, while the clock still runs."""
        return added_words(self.to_come) if self.statement.stopped_at is None else ""

    def _plain_pause(self) -> str:
        held = self.course.pauses[-1]
        name = f"「{self.waits_for}」" if self.waits_for else _("特别程序")
        words = {"used": self.statement.used, "left": self.statement.left, "unit": self.statement.unit, "name": name}
        until = _("（到 %s）") % self._day(held.granted_until) if held.granted_until is not None else ""
        text = _("已经用了 %(used)s %(unit)s；") % words
        text += _("现在停表，等%(name)s") % words + until + _("结束，这段时间不算。")
        return text + _("结束以后从下一个工作日接着算，还剩 %(left)s %(unit)s。") % words

    def _paused(self) -> str:
        words = {"used": self.statement.used, "left": self.statement.left, "unit": self.statement.unit}
        held = self.course.pauses[-1]
        text = _("%(name)s期间暂停计时，没有到期日；") % {"name": held.name}
        if held.granted_until is not None:
            text += _("批准至 %(day)s，期满即恢复。") % {"day": day_words(held.granted_until)}
        return text + _("已用 %(used)d %(unit)s，恢复后从剩下的 %(left)d %(unit)s接着算。") % words

    def _ending(self) -> str:
        statement = self.statement
        words: dict[str, Any] = {"used": statement.used, "left": statement.left, "over": statement.over}
        words["unit"] = statement.unit
        if self.course.is_at_once and not statement.over:
            if statement.stopped_at is None:
                return ""
            return _("%(stop)s 停止计时，没有超期。") % {"stop": moment_words(statement.stopped_at)}
        if statement.stopped_at is not None:
            words |= {"stop": moment_words(statement.stopped_at)}
            head = _("%(stop)s 停止计时，用了 %(used)d %(unit)s，") % words
            tail = _("超过 %(over)d %(unit)s。") if statement.over else _("剩 %(left)d %(unit)s，没有超期。")
            return head + (self._early_words() if self.early else tail % words)
        if statement.over:
            return _("现在用了 %(used)d %(unit)s，已超过 %(over)d %(unit)s。") % words
        return _("到今天用了 %(used)d %(unit)s，剩 %(left)d %(unit)s。") % words

    def _today(self) -> str:
        """今天是第 7 天, in the limit's own days."""
        today = day_of(self.course.seen)
        counted = [day for day in self.statement.days if day.part == "limit" and day.n is not None]
        passed = [day for day in counted if day.date <= today]
        if not passed and counted and not self.course.in_hours:
            return self._begins(counted[0].date, today)
        if not passed:
            return _("到上班时间开始算")
        if passed[-1].date == today:
            return _("今天是第 %d 天") % passed[-1].n
        return _("今天不算，已到第 %d 天") % passed[-1].n

    def _begins(self, first: date, today: date) -> str:
        """The first day that counts; tomorrow may be a day off."""
        if first == today + ONE_DAY:
            return _("从明天（%s）起开始算") % self._day(first)
        return _("从 %(day)s（周%(weekday)s）起开始算") % {
            "day": self._day(first),
            "weekday": WEEKDAYS[first.weekday()],
        }

    def _early_words(self) -> str:
        assert self.early is not None
        words = {"days": self.early.days, "reason": self.early.reason.strip().rstrip("。") or _("没有写明")}
        if not self.early.days:
            return _("最后一天没有过完就结束了。理由：%(reason)s。") % words
        return _("提前 %(days)s 天结束，没有满期。提前的理由：%(reason)s。") % words

    def _plain_end(self, words: Plain) -> str:
        statement = self.statement
        assert statement.stopped_at is not None
        text = _("%(day)s%(done)s") % {
            "day": self._day(day_of(statement.stopped_at)),
            "done": words.done if self._was_done() else _("停止计时"),
        }
        figures = {"used": statement.used, "over": statement.over, "unit": statement.unit}
        text += _("，用了 %(used)s %(unit)s") % figures if statement.used else _("，当天就结束了")
        if self.early is not None:
            return f"{text}；{self._early_words()}"
        return text + (_("，超过了 %(over)s %(unit)s。") % figures if statement.over else _("，没有超期。"))

    def _was_done(self) -> bool:
        """Whether the limit ended by what it was there for; a withdrawal merely stops it."""
        act = self.statement.facts[-1].act
        return act is not None and act.verb not in ("withdraw", "deem_withdrawn", "decline", "step_back")

    def _by(self, due_at: datetime) -> str:
        return self._day(day_of(due_at)) + (f"{due_at:%H:%M}" if self.course.in_hours else "")

    def _day(self, day: date) -> str:
        """12月8日; with its year, where that is not the present one."""
        return day_short(day, day_of(self.course.now))


def added_words(steps: Sequence[ApplicationStep]) -> str:
    """Say what comes in addition to a limit, and that its end is told when it begins."""
    if not steps:
        return ""
    told = [f"「{step.name}」{_spaced(guide_budget(step.days, step.unit).label)}" for step in steps]
    return _("%(steps)s不计入，开始后另行告知结束日。") % {"steps": "、".join(told)}


def limit_label(budget: Budget) -> str:
    """The limit in words; nothing at all is the same day."""
    return budget.label if budget.amount else _("当场办结（最晚当天）")


def _spaced(label: str) -> str:
    """5 个工作日, as it is set in running text."""
    return re.sub(r"(?<=[0-9])(?=[^0-9])", " ", label)


def moment_words(at: datetime) -> str:
    at = at.astimezone(SHANGHAI)
    return f"{day_words(at)}{at:%H:%M}"


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def day_short(day: date, today: date) -> str:
    """12月8日; a day of another year says which."""
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
