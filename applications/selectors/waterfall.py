"""The waterfall (谁用了哪几天) as the component draws it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.clock_statement import ClockStatement
from applications.domain.shares import APPLICANT, PICKUP, TRANSFER, Share
from applications.domain.transitions import ClockKind
from applications.selectors.case_page import CaseClocks
from applications.selectors.position import Position
from applications.selectors.statement_shares import step_shares
from halls.domain.budget import UNIT_LABELS, Unit

_WAITS = {
    APPLICANT: gettext_lazy("等申请人"),
    TRANSFER: gettext_lazy("在路上，签收以前计在移交的一方"),
    PICKUP: gettext_lazy("结果已备好；法律没有除外，由这里负责送达，可以邮寄或请代办员送"),
}
_SHORT = {
    UNIT_LABELS[Unit.WORKING_DAY]: "天",
    UNIT_LABELS[Unit.CALENDAR_DAY]: "天",
    UNIT_LABELS[Unit.WORKING_HOUR]: "小时",
}


def promised_waterfall(position: Position, clocks: CaseClocks, accept_path: str) -> dict[str, Any]:
    """Who used which of the promised days, for the case page: no statement of its own."""
    promised = clocks.of_kind(ClockKind.PROMISED)
    if promised is None:
        return {}
    course = clocks.course_of(promised)
    found = step_shares(promised, course, clocks, position, accept_path)
    return drawn(found, course.limit, course.unit_label)


def waterfall_of(statement: ClockStatement) -> dict[str, Any]:
    """The same for a statement, with the sum that it adds up to."""
    return drawn(statement.shares, statement.limit, statement.unit) | {"sum": statement.used}


def drawn(shares: Sequence[Share], limit: int | None, unit: str) -> dict[str, Any]:
    """Rows on one scale from the clock's start."""
    rows = [_row(share, _SHORT.get(unit, unit)) for share in shares]
    ends = [share.start + max(share.used, (share.own or 0) + share.carried) for share in shares]
    return {"rows": rows, "total": max([*ends, limit or 0, 1]), "limit": limit or 0, "unit": unit}


def _row(share: Share, unit: str) -> dict[str, Any]:
    return {
        "name": share.name,
        "who": share.who,
        "kind": share.kind,
        "start": share.start,
        "used": share.used,
        "slice": None if share.own is None else share.own + share.carried,
        "over": share.over,
        "paused": share.paused,
        "words": "；".join(_notes(share, unit)),
        "light_kind": "",
        "current": share.is_current,
    }


def _notes(share: Share, unit: str) -> Iterable[str]:
    if share.carried:
        yield _("含前面省下的 %(n)d %(unit)s") % {"n": share.carried, "unit": unit}
    if share.over:
        yield _("超出份额 %(n)d %(unit)s") % {"n": share.over, "unit": unit}
    if share.handed_on:
        yield _("省下 %(n)d %(unit)s交给后面") % {"n": share.handed_on, "unit": unit}
    if share.paused:
        yield _("特别程序 %d 个工作日不计") % share.paused
    if share.kind in _WAITS:
        yield str(_WAITS[share.kind])
    if share.is_current:
        yield _("进行中")
