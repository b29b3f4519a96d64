"""Drafts from a file: one for every matter that it changes, all or none; nothing is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid, Refused, Stale
from matters.actions._catalogue import hold_catalogue, require_reason
from matters.actions.open_draft import open_draft
from matters.actions.save_draft import LONGEST_REASON, save_draft
from matters.models import GuideDraft, Matter
from matters.permissions import require_editor, require_may_edit

MOST = 2000


@dataclass(frozen=True, slots=True)
class DraftFromFile:
    """`base`: the number of the guide that the file was held against, 0 for a new matter."""

    code: str
    content: Mapping[str, Any]
    department_code: str
    base: int


@transaction.atomic
def import_drafts(
    wanted: Sequence[DraftFromFile], *, actor: Actor, reason: str, ordered_on: date | None = None
) -> list[GuideDraft]:
    """Begin and save a draft for each. Raises NotPermitted (one of them is not the actor's), Refused (`draft_open`,
    `abolished`), Stale (another guide was published since), Invalid (no reason, too many, a day that has not come).
    """
    require_editor(actor)
    reason = require_reason(reason, LONGEST_REASON)
    if len(wanted) > MOST:
        raise Invalid("too_many", f"一次最多导入 {MOST} 项改动。", field="file", cure="请分几次导入。")
    hold_catalogue()
    codes = [one.code for one in wanted]
    _require_theirs(codes, actor)
    busy = GuideDraft.objects.visible_to(actor).open().filter(code__in=codes).values_list("code", flat=True).first()
    if busy is not None:
        raise Refused("draft_open", f"{busy} 已有一份没有施行的草稿。", cure="请先办完或放弃那份草稿，再导入。")
    now = dict(Matter.objects.filter(code__in=codes, current__isnull=False).values_list("code", "current__number"))
    moved = next((one.code for one in wanted if now.get(one.code, 0) != one.base), None)
    if moved is not None:
        raise Stale("stale_page", f"{moved} 的指南刚刚换了新版。", cure="请重新上传文件核对。")
    return [_import(one, actor, reason, ordered_on) for one in wanted]


def _require_theirs(codes: Sequence[str], actor: Actor) -> None:
    """Raises NotPermitted before anything is said about matters or drafts of others; new codes are asked on opening."""
    for found in (Matter.objects.filter(code__in=codes), GuideDraft.objects.open().filter(code__in=codes)):
        for row in found.select_related("department").only("department"):
            require_may_edit(actor, row.department)


def _import(one: DraftFromFile, actor: Actor, reason: str, ordered_on: date | None) -> GuideDraft:
    draft = open_draft(one.code, actor=actor, department_code=one.department_code)
    return save_draft(draft.pk, one.content, actor=actor, version=draft.version, reason=reason, ordered_on=ordered_on)
