"""Who changed a matter when and why, and what one version of its guide changed against another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from halls.selectors.work_calendar import Moment
from matters.domain.draft_reader import read_draft
from matters.domain.guide_diff import Change, difference
from matters.models import GuideDraft, Matter, MatterVersion
from matters.selectors.punctuality import change_punctuality

LONGEST = 100
WHY = {"import_matters": "导入"}
# Nothing of the row itself moved: a file, a hall's own lines, a promise; the reason says which.
UNSEEN = "随附的内容"
SAID = {
    "name": "名称",
    "theme": "主题",
    "department_id": "主管部门",
    "is_core": "高频事项",
    "paused_on": "暂停日期",
    "abolished_on": "取消日期",
    "merged_into_id": "并入",
    "current_id": "现行指南",
    "code": "编码",
    "closing_reason": "暂停或取消的理由",
}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with everybody who signed it; an imported one has nobody."""

    number: int
    published_at: datetime
    superseded_at: datetime | None
    reason: str
    wrote: str
    checked: str
    approved: str
    punctuality: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One change of the matter itself: `what` names the columns that changed."""

    at: datetime
    who: str
    why: str
    what: tuple[str, ...]


def version_lines(code: str, moment: Moment) -> list[VersionLine]:
    """Return every version, the newest first (2 queries)."""
    versions = list(MatterVersion.objects.filter(matter__code=code).defer("content").order_by("-number"))
    drafts = GuideDraft.objects.filter(published__in=versions).defer("content")
    by_version = {
        draft.published_id: draft for draft in drafts.select_related("edited_by", "checked_by", "approved_by")
    }
    return [_version_line(version, by_version.get(version.pk), moment) for version in versions]


def _version_line(version: MatterVersion, draft: GuideDraft | None, moment: Moment) -> VersionLine:
    stands = None
    if version.ordered_on is not None and draft is not None:
        stands = change_punctuality(draft, moment)
    return VersionLine(
        number=version.number,
        published_at=version.published_at,
        superseded_at=version.superseded_at,
        reason=version.change_reason,
        wrote=draft.edited_by.full_name if draft is not None else "",
        checked=draft.checked_by.full_name if draft is not None and draft.checked_by else "",
        approved=draft.approved_by.full_name if draft is not None and draft.approved_by else "",
        punctuality=stands.words if stands is not None else "",
    )


def changes_between(code: str, older: int, newer: int) -> tuple[Change, ...] | None:
    """Return what the newer version changed, None when there are not both (1 query)."""
    contents = dict(
        MatterVersion.objects.filter(matter__code=code, number__in=(older, newer)).values_list("number", "content")
    )
    if older not in contents or newer not in contents:
        return None
    before, after = (read_draft(contents[number])[0] for number in (older, newer))
    return difference(before, after)


def row_lines(matter: Matter) -> list[RowLine]:
    """Return how the matter itself changed, the newest first (2 queries)."""
    rows = list(matter.history.select_related("history_user").order_by("-history_date", "-history_id")[: LONGEST + 1])
    return [_row_line(row, rows[place + 1 : place + 2]) for place, row in enumerate(rows[:LONGEST])]


def _row_line(row: object, before: Sequence[object]) -> RowLine:
    what = tuple(label for name, label in SAID.items() if before and getattr(row, name) != getattr(before[0], name))
    what = what or ((UNSEEN,) if before else ("建立",))
    why = getattr(row, "history_change_reason", "") or ""
    user = getattr(row, "history_user", None)
    return RowLine(
        at=getattr(row, "history_date"),  # noqa: B009 - the model is made at run time
        who=user.full_name if user is not None else "",
        why=WHY.get(why, why),
        what=what,
    )
