"""Drafts of guides: whose hands were in them, what they say, and what still stands in their way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from halls.models import Department
from matters.domain.catalogue import MatterRecord
from matters.domain.draft_reader import read_draft
from matters.domain.lint import Finding, LintContext, lint
from matters.domain.matter_reader import trusted_record
from matters.domain.record_reader import RecordFault
from matters.models import GuideDraft, Matter


@dataclass(frozen=True, slots=True)
class Review:
    """A draft read as a guide: the record, what makes it unreadable, and what the rules find in it."""

    record: MatterRecord
    faults: tuple[RecordFault, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def is_clean(self) -> bool:
        """Whether it may be checked."""
        return not self.faults and not self.errors


def review_of(draft: GuideDraft) -> Review:
    """Read the draft and hold it against the rules (at most 1 query); an unreadable one is not linted."""
    record, faults = read_draft(draft.content, (draft.department.organ,))
    return Review(record, faults, () if faults else lint(record, _context(draft)))


def base_record(draft: GuideDraft) -> MatterRecord | None:
    """Return the guide the draft was begun from, None for a new matter."""
    if draft.base is None or not draft.base.content:
        return None
    found = trusted_record(draft.base.content)
    return replace(found, is_core=draft.matter is not None and draft.matter.is_core)


def _context(draft: GuideDraft) -> LintContext:
    others = Matter.objects.filter(abolished_on__isnull=True).exclude(code=draft.code)
    return LintContext(other_names=dict(others.values_list("name", "code")))


def writers_of(draft: GuideDraft) -> tuple[str, ...]:
    """Return everybody who wrote in this draft, by person code (1 query); whoever only opened it did not."""
    saved = GuideDraft.history.filter(id=draft.pk, history_type="~", state=GuideDraft.State.EDITING)
    return tuple({draft.edited_person, *saved.values_list("edited_person", flat=True)})


def bureau_named(organ: object, beside: Department) -> Department | None:
    """Return the bureau of the same county that guides call so, None when there is none."""
    if not isinstance(organ, str) or "\x00" in organ:
        return None
    bureaus = Department.objects.filter(kind=Department.Kind.BUREAU, hall=beside.hall_id, retired_on__isnull=True)
    return bureaus.filter(organ=organ).first()
