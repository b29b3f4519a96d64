"""批准: a second person signs; the guide is published at once, or on its day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue
from matters.actions._draft import lock_draft, require_state, save_step
from matters.actions._publish import publish, require_current_base, require_not_failed
from matters.models import GuideDraft
from matters.permissions import require_second_person

FURTHEST = timedelta(days=366)


@transaction.atomic
def approve_draft(draft_id: int, *, actor: Actor, version: int, effective_on: date | None = None) -> GuideDraft:
    """Put the second signature under a checked draft. Without a day, or from today, it is published at once.

    A later day waits for `publish_due`; cases filed until then are filed under the guide of before.
    Raises NotFound, NotPermitted, Stale, Refused (`not_possible_now`, `same_person`, `base_moved`, `abolished`,
    `tryout_failed`), Invalid (`too_late`: a day that has passed; `too_far`: more than a year ahead).
    """
    hold_catalogue()
    draft = lock_draft(draft_id, actor, version)
    require_state(draft, GuideDraft.State.CHECKED)
    require_second_person(actor, draft)
    require_current_base(draft)
    require_not_failed(draft)
    moment = read_moment()
    today = day_of(moment.at)
    draft.effective_on = effective_on or today
    if draft.effective_on < today:
        raise Invalid("too_late", "施行日期不能早于今天。", field="effective_on", cure="请填今天或以后的日期。")
    if draft.effective_on > today + FURTHEST:
        last = today + FURTHEST
        raise Invalid(
            "too_far",
            f"施行日期最晚是 {last:%Y-%m-%d}，一年以内。",
            field="effective_on",
            cure="请核对年份；更晚施行的，到时候再批准。",
        )
    draft.state = GuideDraft.State.APPROVED
    draft.approved_by_id, draft.approved_person, draft.approved_at = actor.user_id, actor.person_code, moment.at
    if draft.effective_on > today:
        return save_step(draft)
    return publish(draft, moment=moment, effective_on=draft.effective_on)
