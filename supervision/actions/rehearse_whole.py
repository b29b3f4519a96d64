"""演算全县: count in batches what a proposed calendar would do to every case, and keep the numbers with the proposal.

Nothing but the numbers is written. Whoever dies on the way leaves the batches that were counted; the next task, press
or command goes on behind them.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from django.db import transaction

from halls.models import CalendarNotice
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.settle_calendar import swap_of
from supervision.domain.calendar_swap import Swap
from supervision.models import CalendarRehearsal
from supervision.selectors.calendar_report import Report, waiting_notices
from supervision.selectors.rehearse_calendar import change_of, touched, touched_count
from supervision.selectors.whole_rehearsal import holds

logger = logging.getLogger(__name__)
PATIENCE: Final = 50.0  # seconds; the task comes every minute


def rehearse_waiting(*, patience: float = PATIENCE) -> int:
    """Rehearse every proposal that waits and has no whole rehearsal that holds; returns the cases looked at."""
    until = time.monotonic() + patience
    return sum(rehearse_whole(notice.pk, patience=until - time.monotonic()) for notice in waiting_notices())


def rehearse_whole(notice_id: int, *, patience: float = PATIENCE) -> int:
    """Rehearse one proposal to its end, or as long as patience lasts; returns the cases looked at."""
    until, looked_at = time.monotonic() + patience, 0
    while time.monotonic() < until:
        batch = _rehearse_batch(notice_id)
        if batch is None:
            break
        looked_at += batch
    return looked_at


@transaction.atomic
def _rehearse_batch(notice_id: int) -> int | None:
    """Count the next cases; None when all are counted, somebody else is at it, or nothing waits any more."""
    moment = read_moment()
    notice = CalendarNotice.objects.filter(pk=notice_id, confirmed_at__isnull=True, dropped_at__isnull=True).first()
    if notice is None:
        return None
    CalendarRehearsal.objects.get_or_create(notice=notice, defaults={"begun_at": moment.at})
    row = CalendarRehearsal.objects.select_for_update(skip_locked=True).filter(notice=notice).first()
    if row is None:
        return None
    swap = swap_of(notice, moment)
    if not holds(row, notice, moment.calendar.version, moment.at):
        _begin(row, notice, swap, moment)
    elif row.finished_at is not None:
        return None
    pks = touched(swap, row.through)
    if pks:
        _count(row, pks, swap)
    else:
        row.finished_at = moment.at
        logger.info("calendar_rehearsed notice=%d cases=%d", notice.pk, row.looked_at)
    row.save()
    return len(pks)


def _begin(row: CalendarRehearsal, notice: CalendarNotice, swap: Swap, moment: Moment) -> None:
    row.sha256, row.calendar = notice.sha256, moment.calendar.version
    row.begun_at, row.finished_at = moment.at, None
    row.total, row.looked_at, row.through = touched_count(swap), 0, 0
    row.figures = Report().figures()


def _count(row: CalendarRehearsal, pks: list[int], swap: Swap) -> None:
    report = Report.of_figures(row.figures)
    report.add(change_of(pks, swap), len(pks))
    row.figures, row.through = report.figures(), pks[-1]
    row.looked_at += len(pks)
