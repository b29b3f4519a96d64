"""Load years of the work calendar as the owner of the database: at installation, and when two persons cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from halls.actions._publish_year import lock_calendar, publish_year
from halls.domain.calendar_file import Arrangement
from halls.domain.county_days import laid_over
from halls.domain.errors import Invalid, NotPermitted, Problem
from halls.models import CalendarDay, CalendarNotice, CalendarYear
from halls.selectors.calendar_notices import county_documents, signed_years

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """What became of one year; the numbers are its days. `kept`: two persons signed it, it was left alone."""

    year: int
    version: int
    result: Literal["added", "changed", "unchanged", "kept"]
    added: int = 0
    changed: int = 0
    removed: int = 0


@transaction.atomic
def load_calendar(
    arrangements: Sequence[Arrangement], *, reason: str = "", keep_signed: bool = False
) -> list[LoadedYear]:
    """Publish these years, all or none; a year that says the same as before is not touched.

    The county's own documents stay on top. `keep_signed` leaves alone every year that two persons put into force.
    Raises Invalid when two years claim one day or a changed year has no reason, NotPermitted for anybody but the
    owner of the tables. Clocks keep their dates until supervision settles the notice.
    """
    lock_calendar()
    years = {year.year: year for year in CalendarYear.objects.select_for_update()}
    _refuse_days_of_two_years(arrangements)
    kept = signed_years() if keep_signed else frozenset()
    return [_load(arrangement, years.get(arrangement.year), reason.strip(), kept) for arrangement in arrangements]


def _refuse_days_of_two_years(arrangements: Sequence[Arrangement]) -> None:
    loaded = {arrangement.year for arrangement in arrangements}
    owner = dict(CalendarDay.objects.exclude(year__in=loaded).values_list("date", "year_id"))
    problems = []
    for arrangement in arrangements:
        for day in arrangement.days:
            other = owner.setdefault(day.date, arrangement.year)
            if other != arrangement.year:
                message = _("%(day)s 已由 %(year)s 年的安排规定。") % {"day": day.date, "year": other}
                problems.append(Problem(f"{arrangement.year} days", message))
    if problems:
        raise Invalid(
            "calendar_day_of_two_years",
            _("同一天出现在两个年度的安排里，没有导入任何内容。"),
            cure=_("请只在下达该安排的年度里保留这一天。"),
            problems=tuple(problems),
        )


def _load(arrangement: Arrangement, year: CalendarYear | None, reason: str, kept: frozenset[int]) -> LoadedYear:
    effective = laid_over(arrangement, county_documents(arrangement.year))
    if year is not None and year.sha256 == effective.sha256:
        return LoadedYear(year.year, year.version, "unchanged")
    if year is not None and year.year in kept:
        return LoadedYear(year.year, year.version, "kept")
    _require_reason_and_owner(arrangement.year, reason, is_new=year is None)
    CalendarNotice.objects.create(
        is_installed=True,
        reason=reason or _("首次载入"),
        year=arrangement.year,
        kind=CalendarNotice.Kind.STATE,
        document_no=arrangement.document_no,
        content=arrangement.as_dict(),
        effective=effective.as_dict(),
        sha256=effective.sha256,
        base_sha256=year.sha256 if year else "",
    )
    written = publish_year(effective)
    result: Literal["added", "changed"] = "changed" if year else "added"
    return LoadedYear(arrangement.year, written.year.version, result, *written[1:])


def _require_reason_and_owner(year: int, reason: str, *, is_new: bool) -> None:
    if len(reason) > LONGEST_REASON or (not is_new and not reason):
        raise Invalid(
            "reason_missing",
            _("%(year)s 年的安排有变，没有写明理由，没有导入任何内容。") % {"year": year},
            field="reason",
            cure=_(
                "请用 --reason 写明依据哪个文件、为什么改（500 字以内）；或由两个人在「监察 - 工作日历」里提出和确认。"
            ),
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass",
            [CalendarNotice._meta.db_table],
        )
        (is_owner,) = cursor.fetchone()
    if not is_owner:
        raise NotPermitted(
            "not_the_owner",
            _("只有数据库的所有者能用命令改动日历。"),
            cure=_("请在服务器上以所有者身份运行；或由两个人在「监察 - 工作日历」里提出和确认。"),
        )
