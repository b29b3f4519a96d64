"""The frame of every act on a draft: lock, may, fresh, can."""

from __future__ import annotations

from halls.acting import Actor
from halls.domain.errors import NotFound, Refused, Stale
from matters.models import GuideDraft
from matters.permissions import require_editor


def lock_draft(draft_id: int, actor: Actor, version: int) -> GuideDraft:
    """Lock the draft. Raises NotFound (not the actor's), NotPermitted (no editor), Stale (changed since)."""
    require_editor(actor)
    rows = GuideDraft.objects.visible_to(actor).select_for_update(of=("self",))
    draft = rows.select_related("department", "base", "matter").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("没有这份草稿，或者它不在您的管理范围内。")
    if draft.version != version:
        raise Stale(
            "stale_page",
            "您看到的页面已经过时：这份草稿刚刚被别人改过。",
            field="version",
            cure="请刷新页面，核对最新内容后再办；您填写的内容没有保存。",
        )
    return draft


def require_state(draft: GuideDraft, *states: str) -> None:
    """Raises Refused (`not_possible_now`) unless the draft is in one of these states."""
    if draft.state not in states:
        raise Refused(
            "not_possible_now",
            f"这份草稿现在是「{draft.get_state_display()}」，不能这样办。",
            cure="请刷新页面，按最新状态办理。",
        )


def take_signatures_away(draft: GuideDraft) -> None:
    """An edit makes it a draft again: what was signed was another content."""
    draft.state = GuideDraft.State.EDITING
    draft.checked_by = draft.checked_at = draft.approved_by = draft.approved_at = draft.effective_on = None
    draft.checked_person = draft.approved_person = ""


def save_step(draft: GuideDraft) -> GuideDraft:
    """Save an act, counted so that a second open page notices."""
    draft.version += 1
    draft.save()
    return draft
