"""How a special procedure was kept: ended before its days were over, or never begun."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from applications.domain.lifecycle import Status, StepKind, Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Clock
from applications.selectors.position import Position
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment


def days_cut_off(application: Application, step: ApplicationStep | None, today: date) -> int | None:
    """The whole calendar days that a procedure ended today still had; 0 on its last day, None when it had its time.

    Only of a procedure in calendar days (公示 7 日): that time is the public's. A survey in working days may be done.
    """
    until = application.paused_until
    if until is None or step is None or step.unit != "cd":
        return None
    left = (day_of(until) - today).days
    return left if left >= 0 else None


def to_come(position: Position, begun: Collection[int]) -> list[ApplicationStep]:
    """The procedures from here to the decision that are not counted and were not begun; `begun`: by their steps."""
    if position.current is None:
        return []
    here = position.current.seq
    return [
        step
        for step in position.worked
        if step.kind == StepKind.SPECIAL
        and not (step.counts or step.is_after_decision)
        and step.seq >= here
        and step.seq not in begun
    ]


def is_unbegun(application: Application, step: ApplicationStep | None) -> bool:
    """Whether the case stands at a special step whose procedure was never begun: one statement, for such a step.

    Behind the decision (到场丈量批放) no clock of the promise is left to pause, so none is begun there.
    """
    if step is None or step.kind != StepKind.SPECIAL or application.status != Status.IN_PROGRESS:
        return False
    begun = Clock.objects.filter(application=application, kind=ClockKind.SPECIAL, step_seq=step.seq)
    return not begun.exists()


def warning_words(verb: Verb | None, application: Application, step: ApplicationStep | None) -> str:
    """What to read before the button is pressed that cuts a procedure short or leaves it out; else ""."""
    if verb is Verb.PASS_ON and is_unbegun(application, step):
        return _("注意：本环节还没有启动特别程序。直接办结请写明理由，会记入办理经过并列入监察疑点。")
    left = days_cut_off(application, step, day_of(read_moment().at)) if verb is Verb.RESUME else None
    if left is None:
        return ""
    rest = _("还有 %(days)s 天没有满") % {"days": left} if left else _("最后一天还没有过完")
    words = _("注意：%(rest)s。现在结束算提前结束，请写明理由；会记入办理经过并列入监察疑点。期满后系统自动结束。")
    return words % {"rest": rest}
