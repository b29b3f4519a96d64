"""核对: the draft reads as a guide without a fault, the rules find no error, and it says why it changes."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid, Problem, Refused
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import require_reason
from matters.actions._draft import lock_draft, require_state, save_step
from matters.actions.save_draft import LONGEST_REASON
from matters.models import GuideDraft
from matters.selectors.drafts import Review, review_of
from matters.signals import draft_checked


@transaction.atomic
def check_draft(draft_id: int, *, actor: Actor, version: int) -> GuideDraft:
    """Sign that the draft is complete; whoever wrote it may, approval is another person's.

    Raises NotFound, NotPermitted, Stale, Refused (wrong state, `nothing_changed`), Invalid (`guide_faulty` with every
    fault and every error of the rules, `reason_missing`).
    """
    draft = lock_draft(draft_id, actor, version)
    require_state(draft, GuideDraft.State.EDITING)
    review = review_of(draft)
    require_clean(review)
    require_reason(draft.reason, LONGEST_REASON)
    if not review.changes:
        raise Refused("nothing_changed", "这份草稿和现行指南一样。", cure="请先修改；不再修改的，请放弃草稿。")
    draft.state = GuideDraft.State.CHECKED
    draft.content_hash = review.record.content_hash
    draft.checked_by_id, draft.checked_person = actor.user_id, actor.person_code
    draft.checked_at, draft.handed_back_reason = read_moment().at, ""
    save_step(draft)
    draft_checked.send(GuideDraft, draft=draft)
    return draft


def require_clean(review: Review) -> None:
    """Raises Invalid (`guide_faulty`) with everything that stands in the way."""
    problems = [Problem(fault.field, fault.message, fault.cure) for fault in review.faults]
    problems += [Problem(error.place, error.message, error.cure) for error in review.errors]
    if problems:
        raise Invalid("guide_faulty", f"指南还有 {len(problems)} 处要改正。", problems=tuple(problems))
