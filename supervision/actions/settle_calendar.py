"""重算: bring every case behind a published calendar, in batches that survive a crash.

A notice in force is settled case by case: each case whose dates move gets one event of its own, each card that the
new calendar does not bear out a proposal to revoke it, the people concerned one message. What was done stays done;
the next press, sweep or command goes on behind the last batch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.actions.recalculate import recalculate
from halls.acting import Actor, system_actor
from halls.domain.calendar_file import arrangement_of
from halls.domain.errors import DomainError
from halls.domain.worktime import day_of
from halls.models import CalendarNotice, User
from halls.selectors.calendar_notices import arrangement_in_force
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.tell_people import MovedCase, tell_moved
from supervision.domain.calendar_swap import Swap, exchanged
from supervision.models import CardReview
from supervision.selectors.rehearse_calendar import CardChange, change_of, touched

logger = logging.getLogger(__name__)

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


def settle_calendar(*, patience: float = PATIENCE) -> Settled:
    """Settle the notices in force that are not settled yet, as long as patience lasts. Running it twice is harmless."""
    until, done = time.monotonic() + patience, Settled()
    while True:
        batch = _settle_batch()
        if batch is None:
            return done + Settled(is_done=not _waiting().exists())
        done += batch
        if time.monotonic() > until:
            return done


def _waiting() -> QuerySet[CalendarNotice]:
    return CalendarNotice.objects.filter(turn__isnull=False, settled_at__isnull=True)


@transaction.atomic
def _settle_batch() -> Settled | None:
    """Settle the next cases of the oldest notice; None when there is none that nobody else holds."""
    moment = read_moment()  # first: whoever confirms a notice holds the calendar before the notice, too
    notice = _waiting().order_by("pk").select_for_update(skip_locked=True, no_key=True).first()
    if notice is None:
        return None
    swap = swap_of(notice, moment)
    pks = touched(swap, notice.settled_through)
    if not pks:
        notice.settled_at = moment.at
        notice.save(update_fields=["settled_at"])
        logger.info("calendar_settled notice=%d year=%d moved=%d", notice.pk, notice.year, notice.cases_moved)
        return Settled(is_done=False)
    done = _settle_cases(notice, pks, swap)
    notice.settled_through = pks[-1]
    notice.cases_moved += done.moved
    notice.save(update_fields=["settled_through", "cases_moved"])
    return done


def swap_of(notice: CalendarNotice, moment: Moment) -> Swap:
    """Return the change that this notice made, or would make while nobody confirmed it."""
    now = arrangement_in_force(notice.year)
    if notice.turn is None:
        return Swap(moment.calendar, exchanged(moment.calendar, now, arrangement_of(notice.effective)), moment.at)
    earlier = CalendarNotice.objects.filter(year=notice.year, turn=notice.turn - 1).first()
    before = arrangement_of(earlier.effective) if earlier else None
    return Swap(exchanged(moment.calendar, now, before), moment.calendar, moment.at)


def _settle_cases(notice: CalendarNotice, pks: Sequence[int], swap: Swap) -> Settled:
    actor, ground = system_actor(), _ground(notice)
    change = change_of(pks, swap)
    moved: list[MovedCase] = []
    failed = 0
    for case in change.cases:
        try:
            after = recalculate(case.case.pk, actor=actor, ground=ground)
            if after is not None:
                moved.append(MovedCase(case.case.pk, _day(case.due[0]), _day(after.due_at)))
        except Exception as error:  # noqa: BLE001 - one case that cannot be moved must not hold up the others
            failed += 1
            code = error.code if isinstance(error, DomainError) else type(error).__name__
            logger.error("recalculate_failed case=%d error=%s", case.case.pk, code)
    # Read again: the cases are locked now, so no sweep issues a card under the old dates any more.
    to_revoke = change_of(pks, swap).to_revoke if moved else change.to_revoke
    proposed = _propose(notice, to_revoke, actor, swap.now)
    promised = [case for case in moved if case.before != case.after]
    if promised:
        why = _("%(year)d 年的工作日历有改动") % {"year": notice.year}
        tell_moved(promised, why=why, key=f"calendar:{notice.pk}:{pks[-1]}")
    return Settled(len(pks), len(moved), proposed, failed, is_done=False)


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None


def _propose(notice: CalendarNotice, to_revoke: Sequence[CardChange], actor: Actor, now: datetime) -> int:
    """Propose to revoke these cards, those left out about which a proposal is open."""
    open_ones = set(
        CardReview.objects.filter(
            card__in=[change.card for change in to_revoke if change.card],
            act=CardReview.Act.PROPOSE,
            answer__isnull=True,
        ).values_list("card_id", flat=True)
    )
    reason = f"{notice.year} 年日历改动后，到点的时间还没有到（{notice.document_no or notice.reason}）。"[:500]
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
