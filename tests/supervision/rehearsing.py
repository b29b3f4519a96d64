"""The rehearsal of a notice, all its batches together."""

from halls.models import CalendarNotice
from halls.selectors.work_calendar import read_moment
from supervision.actions.settle_calendar import swap_of
from supervision.selectors.rehearse_calendar import Change, changes


def rehearsed(notice: CalendarNotice) -> Change:
    whole = Change()
    for change in changes(swap_of(notice, read_moment())):
        whole.cases.extend(change.cases)
        whole.to_revoke.extend(change.to_revoke)
        whole.to_issue.extend(change.to_issue)
    return whole
