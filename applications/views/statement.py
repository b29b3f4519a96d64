"""时限说明单: one clock of a case, day by day, to be read and printed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Application
from applications.selectors.statement import MOVES, ClockStatement, Day, find_clock, statement_of
from applications.views.lookup import case_of
from halls.acting import acting_user
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment

WEEKDAYS = "一二三四五六日"
# The light of each rung: shape and word beside the date.
RUNG_LIGHTS = {"warning": "yellow", "yellow": "yellow", "red": "red"}


@login_required
@require_safe
def clock_statement(request: HttpRequest, number: str, clock_id: int) -> HttpResponse:
    """Explain one due date. Who sees the case sees its clocks; a clock of another case is not found."""
    application = case_of(acting_user(request.user), number)
    clock = find_clock(application, clock_id)
    if clock is None:
        raise NotFound
    moment = read_moment()
    statement = statement_of(clock, moment)
    context = {
        "page_title": _("时限说明单"),
        "page_lead": _("每一个到期日都逐日列出：哪天计入、第几天，哪天不计、为什么。"),
        "breadcrumbs": [
            {"label": application.display_number, "url": reverse("case", args=[application.number])},
            {"label": statement.label},
        ],
        "statement": statement,
        "summary": summary(statement),
        "facts": _facts(application, statement),
        "rows": [_row(day) for day in statement.days],
        "is_cut": statement.over > max((day.n or 0 for day in statement.days if day.part == "over"), default=0),
        "printed_at": moment.at,
        "back_url": reverse("case", args=[application.number]),
    }
    return render(request, "applications/statement.html", context)


def summary(statement: ClockStatement) -> str:
    """The statement in one sentence."""
    words = {"start": _moment(statement.started_at), "budget": statement.budget}
    begin = _("自 %(start)s 起，期限 %(budget)s；起算当日不计。") % words
    if statement.due_at is None:
        return begin + _("特别程序期间暂停计时，没有到期日；恢复后从剩下的天数接着算。")
    end = _("到期日 %(due)s，当日 %(time)s 届满。") % {"due": _date(statement), "time": f"{statement.due_at:%H:%M:%S}"}
    if statement.provisional:
        end += _("所涉年份的放假安排尚未发布，这个日期为暂算。")
    return begin + end + _ending(statement)


def _ending(statement: ClockStatement) -> str:
    if statement.stopped_at is not None:
        words = {"stop": _moment(statement.stopped_at), "used": statement.used, "over": statement.over}
        if statement.over:
            return _("%(stop)s 停止计时，用了 %(used)d 个工作日，超过 %(over)d 个工作日。") % words
        return _("%(stop)s 停止计时，用了 %(used)d 个工作日，没有超期。") % words
    if statement.over:
        return _("现在已超过 %(over)d 个工作日。") % {"over": statement.over}
    return _("到今天用了 %(used)d 个工作日。") % {"used": statement.used}


def _facts(application: Application, statement: ClockStatement) -> list[dict[str, Any]]:
    step = f"（第 {statement.step_seq} 环节）" if statement.step_seq else ""
    items = [
        {"term": _("办件编号"), "text": application.display_number},
        {"term": _("事项"), "text": application.guide.name},
        {"term": _("时限"), "text": f"{statement.label}{step}"},
        {"term": _("期限"), "text": statement.budget},
        {"term": _("依据"), "text": statement.ground},
        {"term": _("状态"), "text": statement.state_label},
    ]
    if statement.carried:
        carried = _("其中 %(days)d 个工作日是前面环节省下的") % {"days": statement.carried}
        items[3]["text"] = f"{statement.budget}（{carried}）"
    for move, at, until in statement.facts:
        text = _moment(at)
        if until is not None:
            text += _("，批准至 %(day)s") % {"day": f"{until.year}年{until.month}月{until.day}日"}
        items.append({"term": MOVES[move], "text": text})
    return items


def _row(day: Day) -> dict[str, Any]:
    notes = {
        "limit": "",
        "unused": _("已停止计时，未用"),
        "over": _("超期第 %(n)d 个工作日") % {"n": day.n} if day.n else _("超期"),
    }
    return {
        "date": day.date,
        "weekday": f"周{WEEKDAYS[day.date.weekday()]}",
        "n": day.n if day.counted and day.part == "limit" else None,
        "counted": day.counted,
        "reason": day.reason,
        "note": notes[day.part],
        "part": day.part,
        "provisional": day.provisional,
    }


def _moment(at: Any) -> str:
    return f"{at.year}年{at.month}月{at.day}日（周{WEEKDAYS[at.weekday()]}）{at:%H:%M}"


def _date(statement: ClockStatement) -> str:
    due = statement.due_on
    assert due is not None
    return f"{due.year}年{due.month}月{due.day}日（周{WEEKDAYS[due.weekday()]}）"
