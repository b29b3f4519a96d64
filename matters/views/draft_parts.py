"""What the page of a draft says: standing, sections, faults, findings, changes, try-out, acts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.selectors.work_calendar import read_moment
from matters.domain.elements import SECTIONS, section_of, words_of
from matters.domain.guide_files import PARTS
from matters.domain.lint import RULES, SEVERITY_LABELS, Finding
from matters.models import GuideDraft
from matters.permissions import why_not_approve
from matters.selectors.drafts import Review, review_of
from matters.selectors.punctuality import change_punctuality
from matters.selectors.tryout import Verdict, verdict_of
from matters.views.draft_fields import id_of
from matters.views.drafts import STATE_KINDS
from matters.views.lint_marks import TAG_KINDS

VERDICTS = {"none": "draft", "waiting": "waiting", "passed": "good", "failed": "paused"}


def draft_context(draft: GuideDraft, actor: Actor) -> dict[str, Any]:
    review, verdict = review_of(draft), verdict_of(draft.content_hash)
    return {
        "page_title": draft.name or draft.code,
        "page_lead": f"{draft.code} · {draft.department.name}",
        "draft": draft,
        "state": draft.get_state_display(),
        "state_kind": STATE_KINDS[draft.state],
        "standing": _standing(draft),
        "handed_back": _("到施行日期没有发布：%(why)s签字已经作废，请改好后重新核对、批准。")
        % {"why": draft.handed_back_reason}
        if draft.handed_back_reason
        else "",
        "sections": _sections(draft, review),
        "faults": [_fault(draft, one.field, f"{one.message}{one.cure}") for one in review.faults],
        "findings": _findings(draft, review),
        "changes": review.changes,
        "is_readable": not review.faults,
        "is_clean": review.is_clean,
        "tryout": _tryout(verdict),
        "acts": _acts(draft, actor, review, verdict),
        "breadcrumbs": [
            {"label": _("事项管理"), "url": reverse("matter_catalogue")},
            {"label": _("指南草稿"), "url": reverse("matter_drafts")},
            {"label": draft.name or draft.code},
        ],
    }


def _handed_back(draft: GuideDraft) -> str:
    words = _("到施行日期没有发布：%(why)s签字已经作废，请改好后重新核对、批准。")
    return words % {"why": draft.handed_back_reason} if draft.handed_back_reason else ""


def _standing(draft: GuideDraft) -> list[dict[str, Any]]:
    rows = [
        (_("起草依据"), _("现行第 %(n)d 版") % {"n": draft.base.number} if draft.base else _("新事项，还没有指南")),
        (_("编写"), _signed(draft.edited_by.full_name, draft.edited_at)),
        (_("核对"), _signed(draft.checked_by.full_name, draft.checked_at) if draft.checked_by else ""),
        (_("批准"), _signed(draft.approved_by.full_name, draft.approved_at) if draft.approved_by else ""),
        (_("施行日期"), f"{draft.effective_on:%Y-%m-%d}" if draft.effective_on else ""),
        (_("调整理由"), draft.reason),
    ]
    punctuality = change_punctuality(draft, read_moment())
    if punctuality is not None:
        rows.append((_("时限"), punctuality.words))
    return [{"label": label, "value": value} for label, value in rows if value]


def _signed(name: str, at: Any) -> str:
    return f"{name}，{localtime(at):%Y-%m-%d %H:%M}" if at else name


def _sections(draft: GuideDraft, review: Review) -> list[dict[str, Any]]:
    wrong = Counter(section_of(fault.field).code for fault in review.faults)
    wrong.update(section_of(error.place).code for error in review.errors)
    return [
        {
            "label": section.title,
            "hint": section.lead,
            "url": reverse("matter_draft_section", args=[draft.pk, section.code]) if draft.is_open else "",
            "state": "missing" if wrong[section.code] else "done",
            "state_words": _("%(n)d 处要改") % {"n": wrong[section.code]} if wrong[section.code] else _("没有错误"),
        }
        for section in SECTIONS
    ]


def place_url(draft: GuideDraft, place: str) -> str:
    """Return the address of the field that this is about."""
    file = re.fullmatch(rf"materials\[(\d+)\]\.({'|'.join(PARTS)})", place)
    if file is not None and draft.is_open:
        seq = int(file[1]) + 1
        return f"{reverse('matter_draft_files', args=[draft.pk])}#file-{seq}-{file[2]}"
    here = reverse("matter_draft_section", args=[draft.pk, section_of(place).code])
    row = place.rpartition(".")[0] if "." in place and "[" in place else place
    return f"{here}?show=1&at={row}#{id_of(place)}" if draft.is_open else ""


def _fault(draft: GuideDraft, place: str, words: str) -> dict[str, str]:
    return {"place": words_of(place), "words": words, "url": place_url(draft, place)}


def _findings(draft: GuideDraft, review: Review) -> list[dict[str, Any]]:
    """Return the findings in groups: what stands in the way, what the guide in force has as well, the rest."""
    errors = [one for one in review.findings if one.severity == "error"]
    groups = (
        (_("错误：改好才能核对"), "paused", [one for one in errors if review.is_new(one)]),
        (_("警告"), TAG_KINDS["warning"], [one for one in review.findings if one.severity == "warning"]),
        (_("现行指南已有的错误：最好一并改好"), "waiting", [one for one in errors if not review.is_new(one)]),
        (_("提示"), TAG_KINDS["hint"], [one for one in review.findings if one.severity == "hint"]),
    )
    return [
        {"title": title, "kind": kind, "count": len(found), "is_open": number == 0, "rows": _rows(draft, found)}
        for number, (title, kind, found) in enumerate(groups)
        if found
    ]


def _rows(draft: GuideDraft, findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [
        {
            "place": words_of(one.place),
            "words": f"{one.message}{one.cure}",
            "citation": one.citation,
            "title": RULES[one.rule].title if one.rule in RULES else one.rule,
            "severity": SEVERITY_LABELS[one.severity],
            "url": place_url(draft, one.place),
        }
        for one in findings
    ]


def _tryout(verdict: Verdict) -> dict[str, Any]:
    words = {
        "none": _("未试办"),
        "waiting": _("正在试办"),
        "passed": _("试办通过"),
        "failed": _("试办没有通过"),
    }
    tryout = verdict.tryout
    return {
        "state": verdict.state,
        "words": words[verdict.state],
        "kind": VERDICTS[verdict.state],
        "at": (tryout.finished_at or tryout.requested_at) if tryout else None,
        "results": verdict.results,
        "covered": "、".join(map(str, tryout.covered)) if tryout else "",
        "missed": "、".join(map(str, tryout.missed)) if tryout else "",
    }


def _acts(draft: GuideDraft, actor: Actor, review: Review, verdict: Verdict) -> dict[str, Any]:
    """Return which act comes next, and why this person cannot do it."""
    return {
        "may_check": draft.state == GuideDraft.State.EDITING,
        "may_approve": draft.state == GuideDraft.State.CHECKED,
        "may_drop": draft.is_open,
        # Whoever is to sign, or signed, reads the reason; it is written by those who wrote.
        "may_say_why": draft.is_open and not _only_signs(actor, draft),
        "is_signed": draft.state != GuideDraft.State.EDITING,
        "why_not_check": _why_not_check(draft, review),
        "why_not_approve": why_not_approve(actor, draft) if draft.state == GuideDraft.State.CHECKED else "",
        "approve_warning": _("这份草稿未试办：没有走过一遍，流程有没有卡住的地方还不知道。")
        if verdict.finished is None
        else "",
        "is_blocked": verdict.is_failed,
    }


def _only_signs(actor: Actor, draft: GuideDraft) -> bool:
    return draft.state != GuideDraft.State.EDITING and not why_not_approve(actor, draft)


def _why_not_check(draft: GuideDraft, review: Review) -> str:
    if not review.is_clean:
        return _("还有 %(n)d 处错误要改。") % {"n": len(review.faults) + len(review.errors)}
    if not draft.reason:
        return _("还没有写调整理由。")
    return "" if review.changes else _("和现行指南一样，没有可核对的改动。")
