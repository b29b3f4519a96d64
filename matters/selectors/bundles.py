"""Bundles for everybody: the list, and one bundle with what its chosen members need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value

from matters.domain.bundle import (
    RELATED,
    BundleRecord,
    Member,
    MergedMaterial,
    chosen_members,
    limit_of,
    merged_materials,
)
from matters.domain.bundle_file import read_bundle
from matters.domain.catalogue import SAMPLE_BASES, MatterRecord
from matters.domain.record_reader import Faults, Reader
from matters.models import Bundle, Matter
from matters.selectors.search import search_terms
from matters.selectors.stored import stored_record


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member with its guide; `takes_part`: chosen by the answers and in use, `standing` as the matter's."""

    code: str
    name: str
    stage: int
    is_optional: bool
    condition: str
    promised_days: int
    department: str
    takes_part: bool
    standing: str
    is_sample: bool

    @property
    def is_open(self) -> bool:
        return self.standing == "open"


@dataclass(frozen=True, slots=True)
class BundleView:
    """`days`: the limit of the whole with the chosen members; `declared_days` what the list of bundles says."""

    record: BundleRecord
    lead: str
    members: tuple[MemberView, ...]
    materials: tuple[MergedMaterial, ...]
    days: int
    declared_days: int | None
    separately: int
    left_out: tuple[MemberView, ...] = ()  # would take part, but nobody takes them in now

    @property
    def stages(self) -> list[tuple[int, list[MemberView]]]:
        return [(stage, [one for one in self.members if one.stage == stage]) for stage in self.record.stages]

    @property
    def beside(self) -> list[MemberView]:
        return [one for one in self.members if one.stage == RELATED]

    @property
    def brought(self) -> int:
        """How many materials people bring; the rest is made on the way."""
        return sum(not one.made_by for one in self.materials)


def open_bundles(words: str = "") -> QuerySet[Bundle]:
    """Return the bundles in use with the codes of the members that are closed for now or for good (`gone`)."""
    closed = Q(members__paused_on__isnull=False) | Q(members__abolished_on__isnull=False)
    gone = ArrayAgg("members__code", filter=closed, default=Value([]))
    found = Bundle.objects.filter(paused_on__isnull=True).select_related("lead").annotate(gone=gone)
    for term in search_terms(words):
        found = found.filter(search_text__contains=term)
    return found


def bundles_with(matter: Matter) -> list[Bundle]:
    """Return the bundles that this matter is a member of (one query)."""
    return list(open_bundles().filter(members=matter))


def record_of(bundle: Bundle) -> BundleRecord:
    """Return the stored record. Raises ValueError when it does not read."""
    faults = Faults(bundle.code, of_today=False)
    record = read_bundle(Reader(bundle.content, faults), None, None)
    if faults.found:
        raise ValueError(f"stored bundle {bundle.code}: {faults.found[0]}")
    return record


def bundle_of(code: str, wanted: Collection[str] | None = None) -> BundleView | None:
    """Return a bundle with the members that take part (two queries); None for an unknown or paused one.

    A member that is paused or abolished is neither counted nor asked papers for: `left_out` names it.

    `wanted`: codes of the optional members that are asked for; None means all but those that only stand beside.
    """
    if "\x00" in code:
        return None
    bundle = open_bundles().filter(code=code).first()
    if bundle is None:
        return None
    record = record_of(bundle)
    if wanted is None:
        wanted = {member.code for member in record.members if member.stage != RELATED}
    matters = {matter.code: matter for matter in bundle.members.select_related("current", "department")}
    guides = {
        code: stored_record(matter.current.content)
        for code, matter in matters.items()
        if matter.current is not None and matter.current.content
    }
    asked = chosen_members(record, wanted)
    standing = {code: matter.standing for code, matter in matters.items()}
    chosen = tuple(member for member in asked if standing.get(member.code) == "open")
    taking_part = {member.code for member in chosen}
    days = {code: guide.promised.amount or 0 for code, guide in guides.items()}
    materials = merged_materials(record, chosen, guides)
    views = tuple(_view(member, matters.get(member.code), guides, taking_part) for member in record.members)
    silent = {member.code for member in asked if member.stage != RELATED} - taking_part
    return BundleView(
        record=record,
        lead=bundle.lead.name,
        members=views,
        materials=materials,
        days=limit_of(chosen, days),
        declared_days=record.promised_days,
        separately=sum(len(guides[member.code].materials) for member in chosen if member.code in guides),
        left_out=tuple(view for view in views if view.code in silent),
    )


def _view(member: Member, matter: Matter | None, guides: dict[str, MatterRecord], taking_part: set[str]) -> MemberView:
    guide = guides.get(member.code)
    return MemberView(
        code=member.code,
        name=guide.name if guide else member.code,
        stage=member.stage,
        is_optional=member.is_optional,
        condition=member.condition,
        promised_days=guide.promised.amount or 0 if guide else 0,
        department=matter.department.name if matter else "",
        takes_part=member.code in taking_part,
        standing=matter.standing if matter is not None else "abolished",
        is_sample=guide is None or guide.promised.basis in SAMPLE_BASES,
    )
