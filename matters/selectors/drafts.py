"""Drafts of guides: whose hands were in them, what they say, and what still stands in their way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from halls.acting import Actor
from halls.domain.duties import Duty
from halls.models import Department
from matters.domain.catalogue import MatterRecord
from matters.domain.draft_reader import read_draft
from matters.domain.guide_diff import Change, difference
from matters.domain.lint import Finding, LintContext, lint
from matters.domain.record_reader import RecordFault
from matters.models import GuideDraft, Matter
from matters.selectors.lint import files_by_matter, policy_lines
from matters.selectors.timeout import defaults_today

MISSING = "missing-"  # how the rules about absent elements begin


@dataclass(frozen=True, slots=True)
class Review:
    """A draft read as a guide: what makes it unreadable, what the rules find in it, what it changes.

    `known`: rule and message of what they find in the guide that is in force.
    """

    record: MatterRecord
    faults: tuple[RecordFault, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    known: frozenset[tuple[str, str]] = frozenset()

    def is_new(self, finding: Finding) -> bool:
        """Whether it stands in the way: not an element that the guide in force lacks too."""
        return not finding.rule.startswith(MISSING) or (finding.rule, finding.message) not in self.known

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being published.

        Nothing untrue is published, and no new guide without its elements. An element that the guide in force lacks
        already (a national code that nobody has given yet) does not keep a better guide from replacing it: it stays a
        finding until it is there.
        """
        return tuple(finding for finding in self.findings if finding.severity == "error" and self.is_new(finding))

    @property
    def is_clean(self) -> bool:
        """Whether it may be checked."""
        return not self.faults and not self.errors


def review_of(draft: GuideDraft) -> Review:
    """Read the draft, hold it against the rules and against the guide of before (3 queries).

    An unreadable one is neither linted nor compared.
    """
    record, faults = read_draft(draft.content, (draft.department.organ,))
    if faults:
        return Review(record, faults, (), ())
    base, context = base_record(draft), _context(draft)
    known = frozenset((one.rule, one.message) for one in lint(base, context)) if base is not None else frozenset()
    after = replace(context, statute_in_force=base.statutory) if base is not None else context
    return Review(record, (), lint(record, after), difference(base, record), known)


def base_record(draft: GuideDraft) -> MatterRecord | None:
    """Return the guide the draft was begun from, None for a new matter."""
    if draft.base is None or not draft.base.content:
        return None
    found, _faults = read_draft(draft.base.content)  # rules of today may find fault with a guide of yesterday
    return replace(found, is_core=draft.matter is not None and draft.matter.is_core)


def _context(draft: GuideDraft) -> LintContext:
    others = Matter.objects.filter(abolished_on__isnull=True).exclude(code=draft.code)
    held = files_by_matter([draft.matter_id]) if draft.matter_id is not None else {}
    files = next(iter(held.values()), frozenset())
    policies = policy_lines(defaults_today(draft.matter_id)) if draft.matter_id is not None else ()
    return LintContext(other_names=dict(others.values_list("name", "code")), files=files, policies=policies)


def open_drafts(actor: Actor) -> list[GuideDraft]:
    """Return the open drafts that the actor edits, the latest first; the content stays in the database (1 query)."""
    rows = GuideDraft.objects.visible_to(actor).open().defer("content")
    return list(rows.select_related("department", "matter", "edited_by", "checked_by", "approved_by"))


def checked_drafts(actor: Actor) -> list[GuideDraft]:
    """Return the drafts that the actor edits and that wait for a second signature (1 query)."""
    rows = GuideDraft.objects.visible_to(actor).filter(state=GuideDraft.State.CHECKED)
    return list(rows.only("pk", "state", "edited_person"))


def draft_to_edit(draft_id: int, actor: Actor) -> GuideDraft | None:
    """Return a draft with everything its page shows, None for one that the actor does not edit (1 query)."""
    rows = GuideDraft.objects.visible_to(actor).select_related(
        "department",
        "base",
        "matter__merged_into",
        "matter__current",
        "published",
        "edited_by",
        "checked_by",
        "approved_by",
    )
    return rows.filter(pk=draft_id).first()


def bureaus_edited_by(actor: Actor) -> list[Department]:
    """Return the bureaus whose matters the actor edits (1 query)."""
    bureaus = Department.objects.filter(kind=Department.Kind.BUREAU, retired_on__isnull=True).order_by("code")
    return [bureau for bureau in bureaus if actor.holds(Duty.EDIT_MATTERS, bureau.path)]


def hands_in(drafts: Iterable[GuideDraft]) -> dict[int, frozenset[str]]:
    """Return everybody who wrote in each of these drafts, by person code (1 query)."""
    found = {draft.pk: {draft.edited_person} for draft in drafts}
    saved = GuideDraft.history.filter(id__in=list(found), history_type="~", state=GuideDraft.State.EDITING)
    for pk, person in saved.values_list("id", "edited_person"):
        found[pk].add(person)
    return {pk: frozenset(people) for pk, people in found.items()}


def writers_of(draft: GuideDraft) -> tuple[str, ...]:
    """Return everybody who wrote in this draft, by person code (1 query); whoever only opened it did not."""
    return tuple(hands_in([draft])[draft.pk])


def bureau_named(organ: object, beside: Department) -> Department | None:
    """Return the bureau of the same county that guides call so, None when there is none."""
    if not isinstance(organ, str) or "\x00" in organ:
        return None
    bureaus = Department.objects.filter(kind=Department.Kind.BUREAU, hall=beside.hall_id, retired_on__isnull=True)
    return bureaus.filter(organ=organ).first()
