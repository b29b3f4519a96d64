"""The blank forms and samples of a matter as its editors see them: what is where, and what was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matters.domain.guide_files import PARTS, edition_of, named_in
from matters.models import GuideDraft, GuideFile
from matters.selectors.guide_more import size_in_words


@dataclass(frozen=True, slots=True)
class Held:
    """One file; `standing`: published, drafted (only the draft names it), past."""

    pk: int
    name: str
    size: str
    who: str
    at: datetime
    standing: str


@dataclass(frozen=True, slots=True)
class PartFiles:
    """The blanks or the samples of one material, the newest first; `current` is what the draft names now.

    `lost`: the draft names a file that nobody holds.
    """

    part: str
    label: str
    current: Held | None
    earlier: tuple[Held, ...]
    lost: str


@dataclass(frozen=True, slots=True)
class MaterialFiles:
    seq: int
    name: str
    has_template: bool
    parts: tuple[PartFiles, ...]


def files_of_draft(draft: GuideDraft) -> list[MaterialFiles]:
    """Return every material of the draft with its files (1 query)."""
    published = named_in(draft.matter.current.content) if draft.matter and draft.matter.current else frozenset()
    rows = GuideFile.objects.filter(matter=draft.matter_id).select_related("uploaded_by").order_by("-pk")
    held = [_held(row, published, named_in(draft.content)) for row in rows] if draft.matter_id else []
    listed = draft.content.get("materials")
    return [
        MaterialFiles(
            seq,
            str(row.get("name") or ""),
            bool(row.get("template")),
            tuple(_part(part, row, held) for part in PARTS),
        )
        for seq, row in enumerate(listed if isinstance(listed, list) else [], start=1)
        if isinstance(row, dict)
    ]


def _held(row: GuideFile, published: frozenset[str], drafted: frozenset[str]) -> Held:
    standing = "past"
    if row.replaced_at is None and row.name in published | drafted:
        standing = "published" if row.name in published else "drafted"
    return Held(row.pk, row.name, size_in_words(row.size), row.uploaded_by.full_name, row.uploaded_at, standing)


def _part(part: str, row: dict[str, object], held: list[Held]) -> PartFiles:
    named = str(row.get(part) or "")
    current = next((one for one in held if one.name == named and one.standing != "past"), None)
    own = [one for one in held if edition_of(one.name, str(row.get("name") or ""), part) or one.name == named]
    earlier = tuple(one for one in own if current is None or one.pk != current.pk)
    return PartFiles(part, PARTS[part], current, earlier, named if named and current is None else "")
