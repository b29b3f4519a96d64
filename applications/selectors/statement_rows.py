"""A clock statement as rows to print: facts in pairs, days in a table, for page, paper and villager."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.domain.clock_statement import ClockStatement, Day, FactLine
from applications.models import Application
from applications.selectors.statement_words import WEEKDAYS, day_words, moment_words
from halls.domain.worktime import day_of


def case_facts(application: Application, statement: ClockStatement) -> list[dict[str, Any]]:
    """The same with the case it belongs to, for a statement that stands alone."""
    items = [
        {"term": _("办件编号"), "text": application.display_number},
        {"term": _("事项"), "text": application.guide.name},
    ]
    return items + facts(statement)


def facts(statement: ClockStatement) -> list[dict[str, Any]]:
    """What the dates rest on: limit, ground, calendar, every entry of the ledger with its event."""
    of_step = f"（{statement.step}）" if statement.step else ""
    items: list[dict[str, Any]] = [
        {"term": _("时限"), "text": f"{statement.label}{of_step}"},
        {"term": _("期限"), "text": limit_words(statement)},
        {"term": _("依据"), "text": statement.ground},
        {"term": _("状态"), "text": statement.state_label},
        {"term": _("合计"), "text": _figures(statement)},
        {"term": _("工作日历"), "text": "\n".join(year.words for year in statement.calendars), "wide": True},
    ]
    items += [{"term": fact.label, "text": fact_words(fact), "wide": True} for fact in statement.facts]
    if statement.provisional:
        items.append({"term": _("暂算"), "text": statement.why_provisional, "wide": True})
    return items


def limit_words(statement: ClockStatement) -> str:
    """The limit with what was handed on to it and what it was extended by."""
    words = statement.budget
    if statement.carried:
        words += _("（其中 %(days)d 个工作日是前面环节省下的）") % {"days": statement.carried}
    return words + "".join(_("，延长 %s") % more for more in statement.extensions)


def fact_words(fact: FactLine) -> str:
    """When and by which event, by whom."""
    words = moment_words(fact.at)
    if fact.granted_until is not None:
        words += _("，批准至 %s") % day_words(fact.granted_until)
    if fact.more:
        words += f"，{fact.more}"
    if fact.note:
        words += f"（{fact.note}）"
    return f"{words}\n{_by(fact)}" if fact.act else words


def day_rows(statement: ClockStatement, now: datetime) -> list[dict[str, Any]]:
    """The table of days."""
    return list(_rows(statement, now))


def no_days_words(statement: ClockStatement) -> str:
    """Why there is no table of days."""
    if statement.state == "paused":
        return _("还没有计入的日子：起算当日不计，停表的日子也不计。恢复以后从下一个工作日起算第 1 天。")
    return _("当日起算，当日届满，没有需要逐日列出的日期。")


def pause_words(statement: ClockStatement) -> str:
    """Where the counting goes on after the pause; "" while nothing pauses it."""
    if statement.state != "paused" or statement.due_at is not None or not statement.days:
        return ""
    words = {"used": statement.used, "n": statement.used + 1, "unit": statement.unit}
    return _("停表以前计入了 %(used)d %(unit)s；恢复以后接着算第 %(n)d 天。") % words


def _rows(statement: ClockStatement, now: datetime) -> Iterator[dict[str, Any]]:
    today = day_of(now) if statement.stopped_at is None else None
    for day in statement.days:
        yield {
            "date": day.date,
            "weekday": f"周{WEEKDAYS[day.date.weekday()]}",
            "n": day.n if day.counted and day.part == "limit" else None,
            "counted": day.counted,
            "reason": day.reason,
            "note": "；".join(_notes(statement, day, is_today=day.date == today)),
            "part": day.part,
            "provisional": day.provisional,
        }


def _notes(statement: ClockStatement, day: Day, *, is_today: bool) -> Iterator[str]:
    if is_today:
        yield _("今天")
    if day.part == "unused":
        yield _("已停止计时，未用")
    elif day.part == "over":
        yield (_("超期第 %(n)d %(unit)s") % {"n": day.n, "unit": statement.unit}) if day.n else _("超期")
    if statement.due_at is not None and day.date == statement.due_on and day.part != "over":
        yield _("到期日，当日 %s 届满，当日不算超期") % f"{statement.due_at:%H:%M:%S}"


def _figures(statement: ClockStatement) -> str:
    words = {"used": statement.used, "left": statement.left, "over": statement.over, "unit": statement.unit}
    if statement.over:
        return _("用了 %(used)d %(unit)s，超 %(over)d %(unit)s") % words
    if statement.limit == 0:
        return _("当天，没有超期")
    return _("用了 %(used)d %(unit)s，剩 %(left)d %(unit)s") % words


def _by(fact: FactLine) -> str:
    assert fact.act is not None
    act = fact.act
    who = " ".join(part for part in (act.place, act.post, act.person) if part)
    words = _("办件记录第 %(seq)d 号“%(label)s”，%(who)s") % {"seq": act.seq, "label": act.label, "who": who}
    if act.at != fact.at:
        words += _("，记于 %s，依法自较早的时刻起算") % moment_words(act.at)
    return words
