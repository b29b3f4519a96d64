"""施行: approved guides whose day has come are published."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction

from halls.domain.errors import DomainError
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue
from matters.actions._draft import save_step, take_signatures_away
from matters.actions._publish import publish
from matters.models import GuideDraft
from matters.signals import guide_handed_back

logger = logging.getLogger(__name__)


def publish_due(*, at: datetime | None = None) -> int:
    """Publish every approved draft whose day has come, each for itself; return how many.

    Safe to run twice, on two workers at once, or days late. One that can no longer be published goes back to its
    writers without its signatures and says why. One that something else keeps from being published (a lock, a fault of
    the system) is logged, waits signed as it is, and does not stop the others. `at`: instead of the database's moment.
    """
    today = day_of(at or read_moment().at)
    due = GuideDraft.objects.filter(state=GuideDraft.State.APPROVED, effective_on__lte=today)
    done = 0
    for pk in due.order_by("effective_on", "pk").values_list("pk", flat=True):
        try:
            done += _publish_one(pk, today)
        except Exception:
            logger.exception("guide_not_published draft=%d", pk)
    return done


def _publish_one(draft_id: int, today: date) -> bool:
    with transaction.atomic():
        hold_catalogue()
        draft = _waiting(draft_id, today)
        if draft is None:  # another worker was here, or an edit took the approval away
            return False
        assert draft.effective_on is not None
        try:
            with transaction.atomic():
                publish(draft, moment=read_moment(), effective_on=draft.effective_on)
        except DomainError as refusal:
            logger.error("guide_not_published draft=%d code=%s", draft_id, refusal.code)
            _hand_back(draft_id, today, refusal.message)
            return False
    return True


def _waiting(draft_id: int, today: date) -> GuideDraft | None:
    rows = GuideDraft.objects.filter(pk=draft_id, state=GuideDraft.State.APPROVED, effective_on__lte=today)
    return rows.select_for_update(of=("self",)).select_related("department", "base", "matter").first()


def _hand_back(draft_id: int, today: date, why: str) -> None:
    """Read it again, as the attempt left the object half changed; the reason stays on it and in its history."""
    draft = _waiting(draft_id, today)
    assert draft is not None  # still locked
    signers = dict.fromkeys((draft.edited_by_id, draft.checked_by_id, draft.approved_by_id))
    take_signatures_away(draft)
    draft.handed_back_reason = why
    draft._change_reason = why  # type: ignore[attr-defined]
    save_step(draft)
    guide_handed_back.send(GuideDraft, draft=draft, why=why, signers=[one for one in signers if one is not None])
