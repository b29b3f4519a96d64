"""Make a draft the published guide: the old version is superseded, running cases keep it."""

from __future__ import annotations

from datetime import date

from halls.domain.errors import Refused
from halls.selectors.work_calendar import Moment
from matters.actions._catalogue import require_not_abolished, save_change
from matters.actions._draft import save_step
from matters.actions._guide_parts import matter_columns, part_rows, version_of
from matters.actions.check_draft import require_clean
from matters.actions.keep_report import keep_report
from matters.domain.guide_files import named_in
from matters.models import GuideDraft, GuideFile, Matter, MatterVersion
from matters.selectors.absorbed import old_names
from matters.selectors.drafts import review_of
from matters.selectors.tryout import verdict_of


def require_current_base(draft: GuideDraft) -> Matter | None:
    """Return the matter the draft will change, None for a new one; under `hold_catalogue`.

    Raises Refused (`base_moved`, `abolished`): another guide was published since the draft was begun.
    """
    matter = Matter.objects.select_related("current", "merged_into").filter(code=draft.code).first()
    if matter is not None:
        require_not_abolished(matter)
    if (matter.current_id if matter is not None else None) != draft.base_id:
        raise Refused(
            "base_moved",
            "写这份草稿以后，这个事项的指南已经另外发布过新版。",
            cure="请放弃这份草稿，按现行指南重新修改。",
        )
    return matter


def require_not_failed(draft: GuideDraft) -> None:
    """Raises Refused (`tryout_failed`): this very content was tried out last, and a case got stuck on it.

    Asking once more does not undo it; passing does.

    One that was not tried out passes: where the owner's process does not run, the county still has to publish.
    """
    verdict = verdict_of(draft.content_hash)
    if verdict.is_failed:
        names = "、".join(result["name"] for result in verdict.failed[:3])
        raise Refused(
            "tryout_failed",
            f"这份草稿试办没有通过：{names}。",
            cure="请按试办结果修改；场景写错了的，改正场景后再试办一次。",
        )


def publish(draft: GuideDraft, *, moment: Moment, effective_on: date) -> GuideDraft:
    """Publish a locked, approved draft; under `hold_catalogue`.

    Raises Refused (`base_moved`, `abolished`, `tryout_failed`), Invalid (`guide_faulty`: its bureau is gone).
    """
    matter = require_current_base(draft) or Matter(code=draft.code)
    require_not_failed(draft)
    review = review_of(draft)
    require_clean(review)
    record, old = review.record, matter.current
    for name, value in matter_columns(record, draft.department, old_names().get(draft.code, ())).items():
        setattr(matter, name, value)
    if old is not None:
        old.superseded_at = moment.at
        old._change_reason = draft.reason  # type: ignore[attr-defined]
        old.save()
    else:
        matter.save_without_historical_record()  # type: ignore[attr-defined]
    version = version_of(record, matter, moment.at)
    version.effective_on, version.ordered_on, version.change_reason = effective_on, draft.ordered_on, draft.reason
    version.save()
    for model, rows in part_rows([record], [version]).items():
        model._default_manager.bulk_create(rows)
    matter.current = version
    save_change(matter, draft.reason)
    if old is not None:
        _put_files_aside(matter, named_in(old.content) - named_in(version.content), moment)
    keep_report(version)
    return _published(draft, matter, version)


def _put_files_aside(matter: Matter, names: frozenset[str], moment: Moment) -> None:
    """The files that only the old guide named are no longer handed out; their rows stay, with the day they ended."""
    GuideFile.objects.filter(matter=matter, name__in=names, replaced_at__isnull=True).update(replaced_at=moment.at)


def _published(draft: GuideDraft, matter: Matter, version: MatterVersion) -> GuideDraft:
    draft.matter, draft.published = matter, version
    draft.state = GuideDraft.State.PUBLISHED
    return save_step(draft)
