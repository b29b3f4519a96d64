"""重算: bring every case behind a published calendar, in batches that survive a crash.

A notice in force is settled case by case: each case whose dates move gets one event of its own, each card that the
new calendar does not bear out a proposal to revoke it; at the end the people concerned get one message each. What was
done stays done; the next press, sweep or command goes on behind the last batch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet

from applications.actions.recalculate import recalculate
from halls.acting import Actor, system_actor
from halls.domain.calendar_file import arrangement_of
from halls.domain.errors import DomainError
from halls.models import CalendarNotice, User
from halls.selectors.calendar_notices import arrangement_in_force
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.sweep_terms import rewrite_terms
from supervision.actions.tell_settled import tell_settled, why_moved
from supervision.domain.calendar_swap import Swap, ended_since, exchanged
from supervision.models import CardReview
from supervision.selectors.rehearse_calendar import CardChange, change_of, touched

logger = logging.getLogger(__name__)

BATCH: Final = 25  # few enough that whoever waits for one of them waits less than their patience
BUSY_AFTER: Final = "1s"
TOLD_WITHIN: Final = timedelta(hours=1)
PATIENCE: Final = 20.0  # seconds; a page answers then, the sweep goes on


@dataclass(frozen=True, slots=True)
class Settled:
    """What one run did; `is_done` when no notice waits any more."""

    looked_at: int = 0
    moved: int = 0
    proposed: int = 0
    failed: int = 0
    is_done: bool = True

    def __add__(self, other: Settled) -> Settled:
        return Settled(
            self.looked_at + other.looked_at,
            self.moved + other.moved,
            self.proposed + other.proposed,
            self.failed + other.failed,
            other.is_done,
        )


@dataclass(slots=True)
class _Run:
    """One run: how long its patience lasts, and what it tried in vain and leaves to the next one."""

    until: float
    tried: set[tuple[int, int]] = field(default_factory=set)  # notice and case
    passed: set[int] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until


def settle_calendar(*, patience: float = PATIENCE, again: bool = False) -> Settled:
    """Settle the notices in force that are not settled yet, as long as patience lasts. Running it twice is harmless.

    `again` looks anew at every case behind the notices that hold, also where all were moved.
    """
    if again:
        _reopen()
    _rewrite_terms()
    run, done = _Run(time.monotonic() + patience), Settled()
    while True:
        batch = _settle_batch(run)
        if batch is None:
            return done + Settled(is_done=not _waiting().exists())
        done += batch
        if run.is_over:
            return done


def _rewrite_terms() -> None:
    """Before any case: a case that cannot be moved must not keep complaints, ratings and orders on the old calendar."""
    oldest = _waiting().order_by("confirmed_at").first()
    if oldest is not None:
        rewrite_terms(ended_since=ended_since(oldest.confirmed_at or read_moment().at))


@transaction.atomic
def _reopen() -> None:
    newest = CalendarNotice.objects.filter(turn__isnull=False).order_by("year", "-turn").distinct("year")
    rows = CalendarNotice.objects.filter(pk__in=list(newest.values_list("pk", flat=True)), settled_at__isnull=False)
    rows.update(settled_at=None, settled_through=0)


def _waiting() -> QuerySet[CalendarNotice]:
    return CalendarNotice.objects.filter(turn__isnull=False, settled_at__isnull=True)


@transaction.atomic
def _settle_batch(run: _Run) -> Settled | None:
    """Settle the next cases of the oldest notice; None when there is none that nobody else holds."""
    moment = read_moment()  # first: whoever confirms a notice holds the calendar before the notice, too
    rows = _waiting().exclude(pk__in=run.passed).order_by("pk")
    notice = rows.select_for_update(skip_locked=True, no_key=True).first()
    if notice is None:
        return None
    swap = swap_of(notice, moment)
    fresh = touched(swap, notice.settled_through, most=BATCH)
    pks = fresh or [pk for pk in notice.left_over if (notice.pk, pk) not in run.tried][:BATCH]
    if not pks:
        return _close(notice, moment, run)
    done, looked_at, failed = _settle_cases(notice, pks, swap, run)
    if fresh:
        notice.settled_through = looked_at[-1]
    notice.left_over = sorted({*notice.left_over} - {*looked_at} | failed)
    run.tried |= {(notice.pk, pk) for pk in failed}
    notice.cases_moved += done.moved
    notice.save(update_fields=["settled_through", "left_over", "cases_moved"])
    return done


def _close(notice: CalendarNotice, moment: Moment, run: _Run) -> Settled:
    """Tell people and settle the notice, unless cases are left over: the next run tries them again.

    Such a case is mostly free in a minute, so the digest waits for it, but not for ever.
    """
    if notice.left_over:
        run.passed.add(notice.pk)
        if notice.confirmed_at is not None and moment.at > notice.confirmed_at + TOLD_WITHIN:
            tell_settled(notice)
            notice.save(update_fields=["told_through"])
        return Settled(is_done=False)
    tell_settled(notice)
    notice.settled_at = moment.at
    notice.save(update_fields=["settled_at", "told_through"])
    logger.info("calendar_settled notice=%d year=%d moved=%d", notice.pk, notice.year, notice.cases_moved)
    return Settled(is_done=False)


def swap_of(notice: CalendarNotice, moment: Moment) -> Swap:
    """Return the change that this notice made, or would make while nobody confirmed it."""
    now = arrangement_in_force(notice.year)
    since = ended_since(notice.confirmed_at or moment.at)
    if notice.turn is None:
        new = exchanged(moment.calendar, now, arrangement_of(notice.effective))
        return Swap(moment.calendar, new, moment.at, since)
    earlier = CalendarNotice.objects.filter(year=notice.year, turn=notice.turn - 1).first()
    before = arrangement_of(earlier.effective) if earlier else None
    return Swap(exchanged(moment.calendar, now, before), moment.calendar, moment.at, since)


def _settle_cases(
    notice: CalendarNotice, pks: Sequence[int], swap: Swap, run: _Run
) -> tuple[Settled, list[int], set[int]]:
    """Recalculate case by case while patience lasts; returns also what was looked at, and what of it failed."""
    actor, ground = system_actor(), _ground(notice)
    moved = 0
    looked_at: list[int] = []
    failed: set[int] = set()
    with connection.cursor() as cursor:  # the cases of this batch are held meanwhile: one that is busy comes later
        cursor.execute(f"SET LOCAL lock_timeout = '{BUSY_AFTER}'")
    for pk in pks:
        try:
            moved += recalculate(pk, actor=actor, ground=ground) is not None
        except Exception as error:  # noqa: BLE001 - one case that cannot be moved must not hold up the others
            failed.add(pk)
            code = error.code if isinstance(error, DomainError) else type(error).__name__
            logger.error("recalculate_failed case=%d error=%s", pk, code)
        looked_at.append(pk)
        if run.is_over:
            break
    # Behind the recalculation: the cases are held now, so no sweep issues a card under the old dates any more.
    done = [pk for pk in looked_at if pk not in failed]
    proposed = _propose(notice, change_of(done, swap).to_revoke, actor, swap.now)
    return Settled(len(looked_at), moved, proposed, len(failed), is_done=False), looked_at, failed


def _propose(notice: CalendarNotice, to_revoke: Sequence[CardChange], actor: Actor, now: datetime) -> int:
    """Propose to revoke these cards, those left out about which a proposal is open."""
    open_ones = set(
        CardReview.objects.filter(
            card__in=[change.card for change in to_revoke if change.card],
            act=CardReview.Act.PROPOSE,
            answer__isnull=True,
        ).values_list("card_id", flat=True)
    )
    reason = f"{why_moved(notice)}，到点的时间还没有到（{notice.document_no or notice.reason}）。"[:500]
    rows = [
        CardReview(
            card=change.card,
            act=CardReview.Act.PROPOSE,
            notice=notice,
            user_id=actor.user_id,
            person_code=actor.person_code,
            reason=reason,
            at=now,  # the trigger stamps the moment
        )
        for change in to_revoke
        if change.card and change.card.pk not in open_ones
    ]
    CardReview.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _ground(notice: CalendarNotice) -> dict[str, Any]:
    """What the event of each case tells about why its dates moved, and who signed it."""
    names = dict(
        User.objects.filter(pk__in=[pk for pk in (notice.proposed_by_id, notice.confirmed_by_id) if pk]).values_list(
            "pk", "full_name"
        )
    )
    return {
        "notice": notice.pk,
        "year": notice.year,
        "document_no": notice.document_no,
        "sha256": notice.sha256,
        "proposed_by": names.get(notice.proposed_by_id or 0, ""),
        "proposed_person": notice.proposed_person,
        "confirmed_by": names.get(notice.confirmed_by_id or 0, ""),
        "confirmed_person": notice.confirmed_person,
        "reason": notice.confirm_reason or notice.reason,
    }
