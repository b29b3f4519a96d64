"""Values ready to print on the pages of the work calendar; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.lights import COLOUR_LABELS
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.domain.calendar import DayKind
from halls.domain.calendar_file import arrangement_of
from halls.models import CalendarNotice
from halls.selectors.work_calendar import Moment
from supervision.models import LimitWarning
from supervision.selectors.calendar_report import SHOWN, Report, YearLine
from supervision.selectors.rehearse_calendar import CardChange, CaseChange

DIGEST_SHOWN = 12
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


def days_of(notice: CalendarNotice) -> list[dict[str, Any]]:
    """The whole year that results, day by day."""
    return [
        {"date": day.date, "weekday": _weekday(day.date), "word": _word(day.kind), "name": day.name}
        for day in arrangement_of(notice.effective).days
    ]


def _word(kind: DayKind) -> str:
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
            {"label": _("到期日有变的办件"), "value": report.moved, "note": _later_words(report)},
            {"label": _("灯要变的办件"), "value": report.lights_changed, "note": _light_words(report)},
            {"label": _("应当撤销的牌"), "value": report.to_revoke, "note": _("确认后逐张提出建议，由监察员决定")},
            {"label": _("应当补发的牌"), "value": report.to_issue, "note": _("确认后由巡检登记")},
            {"label": _("暂算变确定"), "value": report.made_certain, "note": _uncertain_words(report)},
        ],
        "case_rows": [_case_row(change) for change in report.cases],
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


def _case_row(change: CaseChange) -> dict[str, Any]:
    case = change.case
    old, new = change.colour
    pair = change.due if change.due[0] != change.due[1] else change.late
    return {
        "number": case.display_number,
        "url": reverse("case", args=[case.number]),
        "matter": case.matter.name,
        "village": case.hall.short_name,
        "before": _local(pair[0]),
        "after": _local(pair[1]),
        "was_provisional": change.provisional[0],
        "is_provisional": change.provisional[1],
        "old_light": old.value,
        "new_light": new.value if new != old else "",
    }


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
