"""Values ready to print on the pages of the work calendar; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.clock import Dates
from applications.domain.lights import COLOUR_LABELS
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Clock
from halls.domain.calendar import DayKind
from halls.domain.calendar_file import arrangement_of
from halls.models import CalendarNotice
from halls.selectors.work_calendar import Moment
from supervision.models import LimitWarning
from supervision.selectors.calendar_report import SHOWN, Report, YearLine
from supervision.selectors.rehearse_calendar import CardChange, CaseChange

DIGEST_SHOWN = 12
PASSED_SHOWN = 5  # days that lie behind, written out
RUNG_WORDS = {"warn_at": gettext_lazy("预警"), "yellow_at": gettext_lazy("黄牌"), "red_at": gettext_lazy("红牌")}
_LEVELS = {level.value: level.label for level in LimitWarning.Level}


def year_rows(lines: Iterable[YearLine]) -> list[dict[str, Any]]:
    return [
        {
            "year": line.year.year,
            "document_no": line.year.document_no,
            "published_on": line.year.published_on,
            "source": line.year.source,
            "version": line.year.version,
            "digest": line.year.sha256[:DIGEST_SHOWN],
            "signed": signed_words(line.notices[0]) if line.notices else "",
            "url": reverse("calendar_notice", args=[line.notices[0].pk]) if line.notices else "",
            "earlier": [{"url": reverse("calendar_notice", args=[n.pk]), "turn": n.turn} for n in line.notices[1:]],
        }
        for line in lines
    ]


def signed_words(notice: CalendarNotice) -> str:
    """Who answers for the notice: 提出 王某，确认 李某."""
    if notice.is_installed:
        return _("系统所有者载入（%(reason)s）") % {"reason": notice.reason}
    first = notice.proposed_by.full_name if notice.proposed_by else ""
    second = notice.confirmed_by.full_name if notice.confirmed_by else ""
    return _("提出 %(first)s，确认 %(second)s") % {"first": first, "second": second or _("（等待另一人）")}


def notice_facts(notice: CalendarNotice) -> list[dict[str, Any]]:
    """The facts of one notice for components/definition_list.html."""
    rows = [
        (_("年度"), str(notice.year)),
        (_("类别"), notice.get_kind_display()),
        (_("文号"), notice.document_no),
        (_("提出"), _signature(notice.proposed_by, notice.proposed_at)),
        (_("提出的理由"), notice.reason),
        (_("确认"), _signature(notice.confirmed_by, notice.confirmed_at)),
        (_("确认的理由"), notice.confirm_reason),
        (_("内容摘要"), notice.sha256),
    ]
    if notice.dropped_at:
        rows.append((_("撤下"), _signature(notice.dropped_by, notice.dropped_at)))
    if notice.turn:
        done = (
            _("已完成，%(n)d 件的日期有变")
            if notice.settled_at
            else _("进行中，已有 %(n)d 件的日期有变，巡检会接着做完")
        )
        rows.append((_("重算"), done % {"n": notice.cases_moved}))
    return [{"term": term, "text": text} for term, text in rows if text]


def _signature(user: Any, at: datetime | None) -> str:
    when = f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
    return f"{user.full_name if user else _('系统所有者')}　{when}" if when else ""


def days_of(notice: CalendarNotice, county: Mapping[date, str]) -> list[dict[str, Any]]:
    """The whole year that results, day by day; `county`: the document behind each day of the county's own."""
    return [
        {
            "date": day.date,
            "weekday": _weekday(day.date),
            "word": _word(day.kind, is_county=day.date in county),
            "name": day.name,
            "document": county.get(day.date, ""),
        }
        for day in arrangement_of(notice.effective).days
    ]


def _word(kind: DayKind, *, is_county: bool) -> str:
    if is_county:
        return _("本县放假") if kind is DayKind.HOLIDAY else _("本县上班")
    return _("放假") if kind is DayKind.HOLIDAY else _("上班")


def _weekday(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]


def report_context(report: Report, moment: Moment) -> dict[str, Any]:
    """The rehearsal: its numbers, and its lines as far as the reader supervises them."""
    return {
        "rehearsed_at": moment.at,
        "report": report,
        "shown_bound": SHOWN,
        "figures": [
            {"label": _("日期有变的办件"), "value": report.moved, "note": _later_words(report)},
            {"label": _("灯要变的办件"), "value": report.lights_changed, "note": _light_words(report)},
            {"label": _("应当撤销的牌"), "value": report.to_revoke, "note": _("确认后逐张提出建议，由监察员决定")},
            {"label": _("应当补发的牌"), "value": report.to_issue, "note": _("确认后由巡检登记")},
            {"label": _("暂算变确定"), "value": report.made_certain, "note": _uncertain_words(report)},
        ],
        "clocks_words": _clocks_words(report),
        "case_rows": [row for change in report.cases for row in _case_rows(change)],
        "revoke_rows": [_card_row(change, report) for change in report.revoked],
        "issue_rows": [_card_row(change, report) for change in report.issued],
    }


def _later_words(report: Report) -> str:
    return _("推后 %(later)d 件，提前 %(earlier)d 件") % {"later": report.later, "earlier": report.earlier}


def _uncertain_words(report: Report) -> str:
    return _("变为暂算 %(n)d 件") % {"n": report.made_provisional} if report.made_provisional else ""


def _light_words(report: Report) -> str:
    parts = (f"{COLOUR_LABELS[old]}→{COLOUR_LABELS[new]} {number}" for (old, new), number in report.lights.items())
    return "，".join(sorted(parts))


def _clocks_words(report: Report) -> str:
    """How many limits were looked at, and how many stay: those are not listed."""
    if not report.clocks:
        return ""
    words = _("看了 %(all)d 个时限：%(moved)d 个的日期有变，%(stay)d 个不变。下面只列有变的。")
    return words % {"all": report.clocks, "moved": report.clocks_moved, "stay": report.clocks_staying}


def reaches_back(passed: Sequence[date], report: Report) -> dict[str, str]:
    """What is to be known of a change of days that lie behind; empty without such days."""
    if not passed:
        return {}
    listed = "、".join(f"{day.year}年{day.month}月{day.day}日" for day in passed[:PASSED_SHOWN])
    days = _("%(listed)s 等 %(n)d 天") if len(passed) > PASSED_SHOWN else "%(listed)s"
    return {"days": days % {"listed": listed, "n": len(passed)}, "closed": _closed_words(report)}


def _closed_words(report: Report) -> str:
    if not report.closed:
        return _("没有一件已办结的办件因此改变日期。")
    months = "、".join(
        _("%(year)s年%(month)d月 %(n)d 件") % {"year": month[:4], "month": int(month[5:]), "n": number}
        for month, number in sorted(report.closed.items())
    )
    return _("有 %(n)d 件已办结的办件要改日期，按办结月份：%(months)s。这些月份已经上报的统计，请核对后更正。") % {
        "n": report.closed.total(),
        "months": months,
    }


def _case_rows(change: CaseChange) -> list[dict[str, Any]]:
    """A row for each date that moves, and nothing else: the light stands in the first, when it changes."""
    case = change.case
    old, new = change.colour
    head = {
        "number": case.display_number,
        "url": reverse("case", args=[case.number]),
        "matter": case.matter.name,
        "village": case.hall.short_name,
    }
    rows = [head | row for clock in change.moved for row in _clock_rows(clock, *change.clocks[clock.pk])]
    if old != new:
        rows[0] |= {"old_light": old.value, "new_light": new.value}
    return rows


def _clock_rows(clock: Clock, before: Dates, after: Dates) -> list[dict[str, Any]]:
    """The end where that moves (the rungs before it go with it), else the rungs that do."""
    ends = ("due_at", "is_provisional")
    is_end = any(getattr(before, name) != getattr(after, name) for name in ends)
    names = ["due_at"] if is_end else [name for name in RUNG_WORDS if getattr(before, name) != getattr(after, name)]
    label = CLOCK_LABELS[ClockKind(clock.kind)]
    rows = []
    for name in names:
        old, new = _local(getattr(before, name)), _local(getattr(after, name))
        is_same_day = old is not None and new is not None and old.date() == new.date() and old != new
        rows.append(
            {
                "clock": label,
                "is_over": clock.stopped_at is not None,
                "what": RUNG_WORDS.get(name, _("到期")),
                "before": old,
                "after": new,
                "was_provisional": is_end and before.is_provisional,
                "is_provisional": is_end and after.is_provisional,
                "with_time": is_same_day,
            }
        )
    return rows


def _card_row(change: CardChange, report: Report) -> dict[str, Any]:
    card = change.card
    return {
        "level": _LEVELS[change.level],
        "clock": CLOCK_LABELS[ClockKind(change.clock_kind)],
        "number": change.number,
        "url": reverse("case", args=[change.number]),
        "effective_at": _local(card.effective_at) if card else None,
        "card_url": reverse("supervision_card", args=[card.pk]) if card else "",
    }


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None
