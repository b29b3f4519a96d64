"""Keep what was written, faulty or not; signatures under an earlier content are taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import require_reason
from matters.actions._draft import lock_draft, require_state, save_step, take_signatures_away
from matters.domain.draft_reader import digest_of, why_unstorable
from matters.models import GuideDraft
from matters.permissions import require_may_edit
from matters.selectors.drafts import bureau_named

LONGEST_REASON, LONGEST_NAME = 500, 128


@transaction.atomic
def save_draft(
    draft_id: int,
    content: Mapping[str, Any],
    *,
    actor: Actor,
    version: int,
    reason: str = "",
    ordered_on: date | None = None,
) -> GuideDraft:
    """Keep the content. An empty reason or day leaves what was said before.

    Raises NotFound, NotPermitted (the matter would go to a bureau that is not the actor's), Stale,
    Refused (published or dropped), Invalid (`unstorable`, `code_changed`, `order_moved_later`, a day that has not come
    yet).
    """
    draft = lock_draft(draft_id, actor, version)
    require_state(draft, *GuideDraft.OPEN)
    moment = read_moment()
    why = why_unstorable(content)
    if why:
        raise Invalid("unstorable", why, field="content", cure="请改正后再保存；原来的内容没有变。")
    kept = dict(content)
    if kept.setdefault("id", draft.code) != draft.code:
        raise Invalid("code_changed", "事项编码不能改。", field="id", cure=f"请改回 {draft.code}，或另建事项。")
    _move(draft, kept.setdefault("department_full", draft.department.organ), actor)
    take_signatures_away(draft)
    name = kept.get("name")
    draft.name = name[:LONGEST_NAME] if isinstance(name, str) else ""
    draft.content, draft.content_hash = kept, digest_of(kept, (draft.department.organ,))
    draft.reason = require_reason(reason, LONGEST_REASON) if reason.strip() else draft.reason
    draft.ordered_on = _day(ordered_on, draft.ordered_on, day_of(moment.at))
    draft.edited_by_id, draft.edited_person, draft.edited_at = actor.user_id, actor.person_code, moment.at
    return save_step(draft)


def _move(draft: GuideDraft, organ: object, actor: Actor) -> None:
    """Hand the matter to another bureau where the content says so; an unknown one is a fault of the content."""
    if organ == draft.department.organ:
        return
    bureau = bureau_named(organ, draft.department)
    if bureau is not None:
        require_may_edit(actor, bureau)
        draft.department = bureau


def _day(ordered_on: date | None, recorded: date | None, today: date) -> date | None:
    """The day that was recorded only moves earlier: else whoever is late would write it anew when they are ready."""
    if ordered_on is None:
        return recorded
    if recorded is not None and ordered_on > recorded:
        raise Invalid(
            "order_moved_later",
            f"收到调整依据之日已登记为 {recorded:%Y-%m-%d}，只能改早，不能改晚。",
            field="ordered_on",
            cure="登记错了的，写明理由放弃这份草稿，另起一份。",
        )
    if ordered_on > today:
        raise Invalid(
            "order_in_future", "收到调整依据的日期不能晚于今天。", field="ordered_on", cure="请填收到文件的那一天。"
        )
    return ordered_on
