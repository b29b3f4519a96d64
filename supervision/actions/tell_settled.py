"""Who is told that a calendar moved dates: everybody concerned once, when all its cases were moved.

The events of the cases are the list of what is to be told, and the notice remembers the last one that was; both in
the transaction that settles it. Whoever dies on the way has told nobody, and the next one tells all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from applications.domain.lifecycle import Verb
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Clock, Event
from halls.domain.worktime import day_of
from halls.models import CalendarNotice
from supervision.actions.tell_people import MovedCase, tell_moved

# The dates that a paper told the villager: the promise on the 受理通知书, the day on the 补正告知书.
PROMISED_ON_PAPER: Final = frozenset((ClockKind.PROMISED.value, ClockKind.SUPPLEMENT.value))
Limit = tuple[int, str, int | None]  # case, kind of clock, step


@dataclass(slots=True)
class _Span:
    """From where to where a limit moved, whatever it did in between; a pause whose end moved is on paper, too."""

    before: str | None
    after: str | None
    is_pause: bool = False


def tell_settled(notice: CalendarNotice) -> int:
    """Tell of every limit that this notice moved and that runs still; returns how many people heard of it.

    Call it holding the notice, which then has to be saved (`told_through`).
    """
    spans, last = _moved_by(notice)
    if last == notice.told_through:
        return 0
    key = f"calendar:{notice.pk}" + (f":{notice.told_through}" if notice.told_through else "")
    notice.told_through = last
    moved = _still_running(spans)
    return tell_moved(moved, why=why_moved(notice), key=key) if moved else 0


def why_moved(notice: CalendarNotice) -> str:
    """Return in words why dates move."""
    if notice.is_installed and notice.reason == CalendarNotice.AFTER_UPGRADE:
        return _("程序升级后重新核对了时限")
    return _("%(year)d 年的工作日历有改动") % {"year": notice.year}


def _moved_by(notice: CalendarNotice) -> tuple[dict[Limit, _Span], int]:
    """The limits that events tell of which nobody was told yet, and the last of these events."""
    rows = Event.objects.filter(
        verb=Verb.RECALCULATE, pk__gt=notice.told_through, detail__ground__notice=notice.pk
    ).annotate(dates=F("detail__dates"), pause=F("detail__paused_until"))
    spans: dict[Limit, _Span] = {}
    last = notice.told_through
    for pk, case_id, dates, pause in rows.order_by("pk").values_list("pk", "application_id", "dates", "pause"):
        last = pk
        for said in dates:
            _note(spans, (case_id, said["kind"], said["step"]), said, pause)
    return spans, last


def _note(spans: dict[Limit, _Span], limit: Limit, said: dict[str, Any], pause: Any) -> None:
    before, after = said["due"]
    span = spans.setdefault(limit, _Span(before, after))
    span.after = after
    span.is_pause |= limit[1] == ClockKind.SPECIAL and pause is not None


def _still_running(spans: dict[Limit, _Span]) -> list[MovedCase]:
    """Of these limits those that run still and end on another day now."""
    cases = {case_id for case_id, _kind, _step in spans}
    rows = Clock.objects.filter(application__in=cases).exclude(state=Clock.State.STOPPED)
    running = set(rows.values_list("application_id", "kind", "step_seq"))
    return [
        MovedCase(
            case_id,
            _day(span.before),
            _day(span.after),
            CLOCK_LABELS[ClockKind(kind)],
            is_on_paper=kind in PROMISED_ON_PAPER or span.is_pause,
        )
        for (case_id, kind, step), span in spans.items()
        if (case_id, kind, step) in running and _day(span.before) != _day(span.after)
    ]


def _day(moment: str | None) -> date | None:
    return day_of(datetime.fromisoformat(moment)) if moment else None
