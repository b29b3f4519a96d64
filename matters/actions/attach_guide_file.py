"""Bring a blank form or a filled sample to a draft; people download it once the draft is published."""

from __future__ import annotations

import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from halls import files
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Refused
from matters.actions._catalogue import hold_catalogue
from matters.actions._draft import lock_draft, require_state
from matters.actions.keep_guide_file import keep_guide_file
from matters.actions.save_draft import save_draft
from matters.domain.guide_files import PARTS, edition_of, name_of
from matters.models import GuideDraft, GuideFile


@transaction.atomic
def attach_guide_file(draft_id: int, seq: int, part: str, content: bytes, *, actor: Actor, version: int) -> GuideDraft:
    """Keep the file as the next edition and name it in the draft. `part`: blank or sample; `seq` counts from 1.

    An edition never takes the place of an older one: the guide in force goes on naming the file that two persons
    signed. The same bytes again change nothing.
    Raises NotFound, NotPermitted, Stale, Refused (closed draft; `not_published_yet`), Invalid on `file`.
    """
    hold_catalogue()
    draft = lock_draft(draft_id, actor, version)
    require_state(draft, *GuideDraft.OPEN)
    if draft.matter_id is None:
        raise Refused(
            "not_published_yet",
            _("新事项还没有发布，没有地方放文件。"),
            cure=_("请先批准发布指南，再修改指南、补上空表和样表。"),
        )
    kept = copy.deepcopy(draft.content)
    material = _material(kept, seq, part)
    checked = files.check_form(content, PARTS[part])
    held = GuideFile.objects.filter(matter=draft.matter_id)
    if held.filter(name=material.get(part) or "", sha256=checked.sha256, replaced_at__isnull=True).exists():
        return draft
    name = _next_name(str(material["name"]), part, checked.media_type, frozenset(held.values_list("name", flat=True)))
    file = keep_guide_file(draft.code, name, content, actor=actor)
    material[part] = file.name
    if part == "blank":
        material["template"] = True
    return save_draft(draft.pk, kept, actor=actor, version=version)


def _material(content: dict[str, Any], seq: int, part: str) -> dict[str, Any]:
    """Return the material of this number that has a name to call the file by."""
    listed = content.get("materials")
    rows = listed if isinstance(listed, list) else []
    row = rows[seq - 1] if 0 < seq <= len(rows) else None
    if part not in PARTS or not isinstance(row, dict):
        raise NotFound(_("草稿里没有这项材料，可能刚刚被移动或删去。请刷新页面。"))
    if not isinstance(row.get("name"), str) or not row["name"].strip():
        raise Invalid("material_unnamed", _("这项材料还没有名称。"), field="file", cure=_("请先写材料名称。"))
    return row


def _next_name(material: str, part: str, media_type: str, held: frozenset[str]) -> str:
    """Return the name of the next edition; a name that a file of this matter ever had is never given again."""
    edition = max((edition_of(one, material, part) for one in held), default=0) + 1
    while files.safe_name(name_of(material, part, edition), media_type) in held:
        edition += 1
    return name_of(material, part, edition)
