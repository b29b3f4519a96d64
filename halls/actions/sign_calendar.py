"""Change a year of the work calendar with two signatures: one person proposes, another puts it into force."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.actions import sign
from halls.actions._publish_year import lock_calendar, publish_year
from halls.constraints import raised_in
from halls.domain.calendar_file import Arrangement, arrangement_of
from halls.domain.citation import has_number
from halls.domain.county_days import CountyDays, laid_over, state_holidays
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.moments import day_of
from halls.models import CalendarDay, CalendarNotice
from halls.selectors.calendar_notices import arrangement_in_force, county_documents, state_in_force
from halls.selectors.work_calendar import read_moment

YEARS_AHEAD: Final = 2
# What the database asks of a calendar that two persons sign; it refuses by these functions, which name no constraint.
_GUARDS: Final = ("halls_check_calendar", "halls_keep_state_holidays", "halls_watch_notice", "halls_two_persons")


def draft_of_state(arrangement: Arrangement, *, text: str = "") -> CalendarNotice:
    """Return the unsaved notice of a year, the county's documents kept on top.

    Raises Invalid (`no_document`: its number is none, `year_too_far`), Refused when nothing changes.
    """
    _require_sound(arrangement)
    now = arrangement_in_force(arrangement.year)
    effective = laid_over(arrangement, county_documents(arrangement.year))
    taken = CalendarDay.objects.exclude(year=arrangement.year).filter(date__in=[day.date for day in effective.days])
    other = taken.first()
    if other is not None:
        message = _("%(day)s 已由 %(year)s 年的安排规定。") % {"day": other.date, "year": other.year_id}
        raise Refused("calendar_day_of_two_years", message, cure=_("请核对通知，同一天只能属于一个年度。"))
    return _draft(CalendarNotice.Kind.STATE, arrangement.document_no, arrangement.as_dict(), effective, now, text=text)


def _require_sound(arrangement: Arrangement) -> None:
    """Refuse a number that is none, and a year of which no notice can exist; years behind may be put right."""
    if arrangement.document_no and not has_number(arrangement.document_no):
        raise Invalid(
            "no_document",
            _("「%(number)s」不是文号。") % {"number": arrangement.document_no},
            field=_("文号"),
            cure=_("请照通知写全，如「国办发明电〔2025〕7号」。"),
        )
    last = day_of(read_moment().at).year + YEARS_AHEAD
    if arrangement.year > last:
        raise Invalid(
            "year_too_far",
            _("%(year)s 年太远，国务院办公厅还没有发过这一年的通知。") % {"year": arrangement.year},
            field=_("年度"),
            cure=_("请核对年份；最远可以录入 %(last)s 年。") % {"last": last},
        )


def draft_of_county(year: int, days: CountyDays) -> CalendarNotice:
    """Return the unsaved document of the county on top of the year as it is.

    Raises Refused (`year_missing`, `state_holiday`).
    """
    now, state = year_in_force(year), state_of_year(year)
    _require_state_holidays(days, state)
    effective = laid_over(state, [*county_documents(year), days])
    return _draft(CalendarNotice.Kind.COUNTY, days.document_no, days.as_dict(), effective, now)


def _require_state_holidays(days: CountyDays, state: Arrangement) -> None:
    """Refuse a document that touches what the whole country has off, however it came here."""
    taken = sorted(state_holidays(state) & {day.date for day in days.days})
    if taken:
        message = _("%(day)s 是国家统一放假的法定节假日，县里不能改。") % {"day": taken[0]}
        raise Refused("state_holiday", message, cure=_("县里只能增加放假，或收回自己增加的日期。"))


def year_in_force(year: int) -> Arrangement:
    """Return the year as it holds now. Raises Refused (`year_missing`)."""
    return _published(arrangement_in_force(year), year)


def state_of_year(year: int) -> Arrangement:
    """Return the year as the State's notice alone has it. Raises Refused (`year_missing`)."""
    return _published(state_in_force(year), year)


def _published(now: Arrangement | None, year: int) -> Arrangement:
    if now is None:
        message = _("%(year)s 年的放假安排还没有发布。") % {"year": year}
        raise Refused("year_missing", message, cure=_("请先发布国务院办公厅的年度通知，再由本县增减。"))
    return now


def propose_notice(notice: CalendarNotice, *, actor: Actor, reason: str) -> CalendarNotice:
    """Put the first signature under a draft. Raises NotPermitted, Invalid (no reason), Refused (`year_moved`)."""
    sign.propose(notice, actor=actor, reason=reason)
    _require_base(notice)
    notice.save()
    return notice


@transaction.atomic
def confirm_notice(notice_id: int, *, actor: Actor, reason: str) -> CalendarNotice:
    """Put the second signature under a proposal and publish its days; cases follow when supervision settles it.

    Raises NotFound, NotPermitted, Invalid (no reason), Refused (`same_person`, `already_closed`, `year_moved`).
    """
    sign.require_signer(actor)
    notice = _locked(notice_id)
    if not reason.strip() or len(reason.strip()) > sign.LONGEST_REASON:
        raise Invalid(
            "reason_missing",
            _("请写明确认的理由（500 字以内）。"),
            field="reason",
            cure=_("一两句话写清核对了哪个文件、看过演算结果。"),
        )
    sign.confirm(notice, actor=actor)
    _require_base(notice)
    notice.confirm_reason = reason.strip()
    effective = arrangement_of(notice.effective)
    try:
        notice.save()
        publish_year(effective)
        with connection.cursor() as cursor:  # deferred to the end otherwise: too late to say it in words
            cursor.execute("SET CONSTRAINTS calendar_is_signed IMMEDIATE")
            cursor.execute("SET CONSTRAINTS calendar_is_signed DEFERRED")
    except IntegrityError as fault:
        if not raised_in(fault, *_GUARDS):
            raise
        raise Refused(
            "calendar_not_as_signed", _("数据库拒绝了这次发布，没有改动任何内容。"), cure=_("请重新提出并演算。")
        ) from fault
    notice.refresh_from_db()
    return notice


@transaction.atomic
def drop_notice(notice_id: int, *, actor: Actor) -> CalendarNotice:
    """Take a proposal off the table. Raises NotFound, NotPermitted, Refused (`already_closed`)."""
    sign.require_signer(actor)
    notice = _locked(notice_id)
    sign.drop(notice, actor=actor)
    notice.save()
    return notice


def _locked(notice_id: int) -> CalendarNotice:
    """Lock the notice, and with it every other notice: two of one year must not come into force side by side."""
    lock_calendar()
    notice = CalendarNotice.objects.select_for_update(no_key=True).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(_("没有找到这份日历提议。"))
    return notice


def _require_base(notice: CalendarNotice) -> None:
    """Refuse what was rehearsed against another calendar than the one that holds now."""
    now = arrangement_in_force(notice.year)
    if (now.sha256 if now else "") != notice.base_sha256:
        raise Refused(
            "year_moved",
            _("提出之后，这一年的安排已经变过，演算结果不再成立。"),
            cure=_("请撤下这份提议，按现在的安排重新提出。"),
        )


def _draft(
    kind: CalendarNotice.Kind,
    document_no: str,
    content: dict[str, object],
    effective: Arrangement,
    now: Arrangement | None,
    *,
    text: str = "",
) -> CalendarNotice:
    if now is not None and now.sha256 == effective.sha256:
        raise Refused(
            "calendar_unchanged", _("这与现行的安排完全相同，没有什么要改。"), cure=_("请核对粘贴的是不是新的文件。")
        )
    return CalendarNotice(
        year=effective.year,
        kind=kind,
        document_no=document_no,
        content=content,
        effective=effective.as_dict(),
        text=text,
        sha256=effective.sha256,
        base_sha256=now.sha256 if now else "",
    )
