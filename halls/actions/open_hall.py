"""Write when a hall is open. No limit of any case moves by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from halls.domain.errors import Invalid
from halls.domain.openings import Opening
from halls.models import Hall, HallOpening


@transaction.atomic
def open_hall(hall: Hall, lines: Sequence[Opening], *, since: date, until: date | None = None) -> int:
    """Write these lines, in force from `since` through `until`; return how many were not there yet.

    Raises Invalid: no day, no such day, closing before opening, the end before the start.
    """
    if not lines or not all(_has_days(line) for line in lines):
        raise Invalid(
            "opening_without_days",
            _("没有写哪几天开放，或写得不对。"),
            field="days",
            cure=_("星期写 1 到 7，如 1,2,3,4,5；赶场日写逢几的数字，如 258。"),
        )
    if any(line.opens >= line.closes for line in lines) or (until is not None and until < since):
        raise Invalid(
            "opening_ends_before_it_begins", _("结束早于开始。"), field="opens", cure=_("请核对开关门时间和起止日期。")
        )
    Hall.objects.filter(pk=hall.pk).update(version=F("version") + 1)  # whoever has its page open is told
    added = 0
    for line in lines:
        _row, is_new = HallOpening.objects.update_or_create(
            hall=hall,
            kind=line.kind.value,
            weekday=line.weekday,
            digits="".join(sorted(set(line.digits))),
            opens=line.opens,
            starts_on=since,
            defaults={"closes": line.closes, "ends_on": until},
        )
        added += is_new
    return added


def _has_days(line: Opening) -> bool:
    if line.weekday is not None:
        return 1 <= line.weekday <= 7 and not line.digits
    return line.digits.isascii() and line.digits.isdigit()
