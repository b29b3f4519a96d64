"""The rehearsal of a notice, all its batches together."""

from halls.models import CalendarNotice
from halls.selectors.work_calendar import read_moment
from supervision.actions.settle_calendar import swap_of
from supervision.selectors.rehearse_calendar import Change, change_of, touched


def rehearsed(notice: CalendarNotice) -> Change:
    whole, last = Change(), 0
    swap = swap_of(notice, read_moment())
    while pks := touched(swap, last):
        last, change = pks[-1], change_of(pks, swap)
        whole.cases.extend(change.cases)
        whole.to_revoke.extend(change.to_revoke)
        whole.to_issue.extend(change.to_issue)
    return whole
