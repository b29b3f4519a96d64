"""What the catalogue's editors see: every matter, paused ones too, and the versions of its guide."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from halls.acting import Actor
from matters.domain.catalogue import SAMPLE_BASES
from matters.models import GuideDraft, Matter, MatterVersion
from matters.querysets import MatterQuerySet
from matters.selectors.lint import WITH_SEVERITY
from matters.selectors.search import ranked

STATES = ("open", "paused", "sample", "sourced")


def matters_to_edit(
    words: str = "", *, theme: str = "", department: str = "", state: str = "", severity: str = "", rule: str = ""
) -> MatterQuerySet:
    """Return matters with guide, department and the linter's report (one query). `state` is one of STATES or empty.

    "sample": a limit of the guide was composed and waits for a local check; "sourced": none was. `severity`, `rule`:
    only matters whose report has a finding of it.
    """
    found = Matter.objects.filter(current__isnull=False).select_related("current", "department", "lint")
    found = found.defer("lint__findings", "current__content")
    if theme:
        found = found.filter(theme=theme)
    if department:
        found = found.filter(department__code=department)
    if rule:
        found = found.filter(lint__rules__contains=[rule])
    found = found.filter(WITH_SEVERITY.get(severity, Q()))
    composed = Q(current__promised_basis__in=SAMPLE_BASES) | Q(current__statutory_basis__in=SAMPLE_BASES)
    narrow = {
        "open": Q(paused_on__isnull=True, abolished_on__isnull=True),
        "paused": Q(paused_on__isnull=False),
        "sample": composed,
        "sourced": ~composed,
    }
    return ranked(found.filter(narrow.get(state, Q())), words)


def versions_of(code: str) -> list[MatterVersion]:
    """Return all versions of a matter's guide with matter, report and draft, the newest first (one query)."""
    if "\x00" in code:
        return []
    rows = MatterVersion.objects.filter(matter__code=code).select_related("matter__department", "matter__lint", "draft")
    return list(rows.defer("draft__content").order_by("-number"))


def matter_to_close(code: str) -> Matter | None:
    """Return a matter with guide and department, closed ones too; None for an unknown code (one query)."""
    if "\x00" in code:
        return None
    rows = Matter.objects.select_related("current", "department").defer("current__content")
    return rows.filter(code=code, current__isnull=False).first()


def drafts_by_code(codes: Iterable[str], actor: Actor) -> dict[str, GuideDraft]:
    """Return the open drafts of these matters that the actor may see (one query)."""
    rows = GuideDraft.objects.visible_to(actor).open().defer("content").filter(code__in=list(codes))
    return {draft.code: draft for draft in rows}
