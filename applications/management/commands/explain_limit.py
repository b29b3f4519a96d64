"""`manage.py explain_limit`: the clock statement (时限说明单) of any limit, or of the clocks of a case, day by day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from applications.domain.clock_statement import ClockStatement
from applications.domain.numbers import parse_case_number
from applications.domain.transitions import CASE_CLOCKS, ClockKind
from applications.models import Application
from applications.selectors.statement import CaseStatements
from applications.selectors.statement_rows import case_facts, day_rows
from applications.selectors.statement_words import moment_words
from halls.domain.budget import Budget, Unit
from halls.domain.calendar import FIRST_YEAR, LAST_YEAR, out_of_range
from halls.domain.errors import Invalid
from halls.domain.statement import Row, Statement, explain
from halls.domain.worktime import SHANGHAI, Pause
from halls.domain.year_source import NOT_YET_KNOWN
from halls.selectors.work_calendar import load_calendar, read_moment

BAD_ARGUMENTS = 2
T = TypeVar("T")


class Command(BaseCommand):
    help = "逐日说明一个期限如何计算：哪天计入、哪天不计入、为什么、何时届满。"

    def add_arguments(self, parser: CommandParser) -> None:
        # Checked in handle, not by argparse: its complaints are English.
        parser.add_argument("--from", dest="start", nargs="?", help="起算时刻，如 2026-02-13T10:00+08:00")
        parser.add_argument("--budget", nargs="?", help="期限：4wh 工作小时、5wd 工作日、7cd 自然日、1mo 月、1y 年")
        parser.add_argument(
            "--pause", action="append", nargs="?", default=[], help="特别程序起止日 A..B（未结束写 A..），可重复"
        )
        parser.add_argument("--extend", action="append", nargs="?", default=[], help="延长期限，如 10wd，可重复")
        parser.add_argument("--case", nargs="?", help="办件编号：说明这一件的各个时限（代替 --from 和 --budget）")
        parser.add_argument("--clock", nargs="?", help="只说明这一种时限，如 promised；与 --case 同用")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["case"] is not None or options["clock"] is not None:
            self._explain_case(options)
            return
        start = _argument("--from", _moment, options["start"])
        budget = _argument("--budget", Budget.parse, options["budget"])
        pauses = [_argument("--pause", _pause, text) for text in options["pause"]]
        extensions = [_argument("--extend", Budget.parse, text) for text in options["extend"]]
        calendar = load_calendar()
        try:
            statement = explain(start, budget, calendar, pauses, extensions)
        except Invalid as refusal:
            raise CommandError(f"{refusal.message}{refusal.cure}", returncode=BAD_ARGUMENTS) from refusal
        self.stdout.write(_as_json(statement) if options["json"] else _as_text(statement))

    def _explain_case(self, options: dict[str, Any]) -> None:
        if any(options[name] for name in ("start", "budget", "pause", "extend")):
            raise CommandError(_("--case 不能和 --from、--budget、--pause、--extend 同用。"), returncode=BAD_ARGUMENTS)
        number = _argument("--case", parse_case_number, options["case"])
        kind = None if options["clock"] is None else _argument("--clock", _kind, options["clock"])
        rows = Application.objects.select_related("guide", "matter", "hall").defer("form")
        application = rows.filter(number=number).first()
        if application is None:
            raise CommandError(_("没有编号为 %s 的办件。请核对编号。") % number, returncode=BAD_ARGUMENTS)
        case = CaseStatements(application, read_moment())
        found = [statement for statement in case.all() if kind is None or statement.kind == kind]
        if not found:
            raise CommandError(_("这一件没有这个时限。不加 --clock 可看它的全部时限。"), returncode=BAD_ARGUMENTS)
        if options["json"]:
            self.stdout.write(json.dumps([statement.as_dict() for statement in found], ensure_ascii=False))
        else:
            lines = (line for statement in found for line in _case_lines(case, statement))
            self.stdout.write("\n".join(lines))


def _argument(name: str, read: Callable[[str], T], text: str | None) -> T:
    if text is None:
        raise CommandError(_("缺少参数 %(name)s。") % {"name": name}, returncode=BAD_ARGUMENTS)
    try:
        return read(text)
    except Invalid as refusal:
        message = f"{name} {refusal.message}{refusal.cure}"
    except ValueError as fault:
        message = _("%(name)s 的值“%(text)s”有误：%(why)s") % {"name": name, "text": text, "why": fault}
    raise CommandError(message, returncode=BAD_ARGUMENTS)


def _kind(text: str) -> ClockKind:
    if text not in tuple(CASE_CLOCKS):
        raise ValueError(_("应是 %s 之一。") % "、".join(CASE_CLOCKS))
    return ClockKind(text)


def _moment(text: str) -> datetime:
    """Return the moment; a bare day is its first moment, a time without an offset is refused."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_("应写作 2026-02-13T10:00+08:00。")) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise out_of_range()
    if moment.tzinfo is None and len(text) > len("2026-02-13"):
        raise ValueError(_("缺少时区，北京时间请加 +08:00。"))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


def _pause(text: str) -> Pause:
    written = re.fullmatch(r"([0-9-]{10})\.\.([0-9-]{10})?", text)
    if written is None:
        raise ValueError(_("应写作 2026-03-05..2026-03-11；尚未结束的写作 2026-03-05..。"))
    first, last = written.groups()
    try:
        return Pause(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    except ValueError:
        raise ValueError(_("不是真实存在的日期。")) from None


def _as_json(statement: Statement) -> str:
    days = [
        {"date": row.date.isoformat(), "counted": row.counted, "n": row.n, "reason": row.reason}
        for row in statement.rows
    ]
    due_on = statement.due_on.isoformat() if statement.due_on else None
    due_at = statement.due.due_at.isoformat() if statement.due.due_at else None
    printed = {"due_on": due_on, "due_at": due_at, "provisional": statement.provisional, "days": days}
    return json.dumps(printed, ensure_ascii=False)


def _as_text(statement: Statement) -> str:
    limit = " + ".join(budget.label for budget in (statement.budget, *statement.extensions))
    words = {"day": statement.start_on, "limit": limit}
    in_hours = statement.budget.unit is Unit.WORKING_HOUR
    if in_hours:
        lines = [_("时限说明单：自 %(day)s 收到时起按办公时间计算，期限 %(limit)s") % words]
    else:
        lines = [_("时限说明单：自 %(day)s 次日起算，期限 %(limit)s") % words]
    lines += [_line(row) for row in statement.rows]
    if statement.due.due_at is None:
        lines.append(_("时限暂停中，恢复计时后才有届满日。"))
    elif in_hours:
        lines.append(_("届满时刻：%(moment)s") % {"moment": f"{statement.due.due_at:%Y-%m-%d %H:%M:%S}"})
    else:
        lines.append(_("届满日：%(day)s") % {"day": statement.due_on})
    if statement.provisional:
        lines.append(_("暂定：所涉年度的放假安排尚未公布，%s。") % NOT_YET_KNOWN)
    return "\n".join(lines)


def _line(row: Row) -> str:
    weekday = "一二三四五六日"[row.date.weekday()]
    number = f"{row.n:>4}" if row.n is not None else "   －"
    provisional = _("（暂定）") if row.provisional else ""
    return f"{row.date} 周{weekday} {number}  {row.reason}{provisional}"


def _case_lines(case: CaseStatements, statement: ClockStatement) -> Iterator[str]:
    """The statement of one clock, as the page tells it."""
    yield f"【{statement.label}】{statement.summary}"
    for fact in case_facts(case.application, statement):
        yield f"  {fact['term']}：{str(fact['text']).replace(chr(10), '；')}"
    for rung in statement.rungs:
        reached = _("已触发") if rung.is_reached else _("未触发")
        yield f"  {rung.label}：{moment_words(rung.at)} {reached} {rung.rule} {rung.basis}".rstrip()
    for share in statement.shares:
        words = {"name": share.name, "who": share.who, "used": share.used, "unit": statement.unit}
        yield _("  用时：%(name)s（%(who)s）%(used)d %(unit)s") % words
    for row in day_rows(statement, case.moment.at):
        number = f"{row['n']:>4}" if row["n"] is not None else "   －"
        provisional = _("（暂定）") if row["provisional"] else ""
        yield f"{row['date']} {row['weekday']} {number}  {row['reason']} {row['note']}{provisional}".rstrip()
    yield ""
