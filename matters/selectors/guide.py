"""A guide (办事指南) as a page, a print-out or an API shows it: one source for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, TextChoices
from django.utils.translation import gettext as _

from halls.models import Level
from matters.domain.catalogue import SAMPLE_BASES, BasisRecord, MaterialRecord, StepRecord
from matters.domain.timeout import PERMIT, Affair, Policy, Where, forbidden
from matters.models import Condition, LegalBasis, Material, Matter, MatterVersion, Step, TimeoutPolicy
from matters.selectors import guide_text
from matters.selectors.guide_more import GRADES, Download, GuideMore, downloads_of, more_of
from matters.selectors.hall_promises import Promised, promises_of
from matters.selectors.local import Here
from matters.selectors.stored import stored_record
from matters.selectors.timeout import defaults_today, in_plain_words


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words, where it comes from, and whether it must be marked 示例数据."""

    text: str
    basis: str
    is_sample: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    seq: int
    name: str
    copies: str
    necessity: str
    necessity_label: str
    necessity_note: str
    source: str
    is_shareable: bool
    has_template: bool
    note: str
    standard: str = ""
    legal_ground: str = ""
    grade: str = ""
    intermediary: str = ""
    fill_note: str = ""
    blank: str = ""
    sample: str = ""
    blank_file: Download | None = None
    sample_file: Download | None = None
    source_is_sample: bool = False
    note_is_sample: bool = False
    intermediary_is_sample: bool = False


@dataclass(frozen=True, slots=True)
class GuideStepLine:
    seq: int
    name: str
    level: str
    level_label: str
    organ: str
    kind_label: str
    time: str
    counts: bool
    is_decision: bool
    kind: str = ""
    standard: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Default:
    """What follows when a limit has run out, in plain words, and on what ground."""

    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Successor:
    """The matter that people are led to when theirs became part of it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything a guide page needs. Texts are Chinese and ready to print; codes are English."""

    code: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    theme: str
    department: str
    department_code: str
    handling: str
    handling_label: str
    service_objects: str
    decision_level: str
    decision_label: str
    places: tuple[str, ...]
    promise: Figure
    uncounted: str
    statute: Figure
    fee: str
    fee_basis: str
    materials: tuple[GuideMaterial, ...]
    required: int
    tolerant: int
    conditions: tuple[str, ...]
    steps: tuple[GuideStepLine, ...]
    legal_bases: tuple[str, ...]
    defaults: tuple[Default, ...]
    result: str
    result_kind: str
    result_validity: str
    onsite_visits: int | None
    notes: str
    sources: tuple[str, ...]
    version: int
    published_at: datetime
    is_current: bool
    paused_on: date | None
    abolished_on: date | None
    closing_reason: str
    successor: Successor | None
    standing: str
    effective_on: date | None
    changed_at: datetime
    content: dict[str, Any]  # the whole record; empty in rows of an older installation

    village_role: str
    accept_levels: tuple[str, ...]
    organs: tuple[str, ...]
    more: GuideMore
    own: Promised | None = None  # what the hall that prints it promises less itself
    here: Here | None = None  # what the hall that prints it says itself
    hall_promises: tuple[Promised, ...] = ()  # what every hall does, or announced
    composed: tuple[str, ...] = ()  # elements that are 示例数据 beside the limits (matters.domain.catalogue.COMPOSABLE)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a version consists of, from its record, or from its rows in an older installation."""

    materials: Sequence[MaterialRecord | Material]
    steps: Sequence[StepRecord | Step]
    conditions: tuple[str, ...]
    legal_bases: Sequence[BasisRecord | LegalBasis]
    more: GuideMore
    composed: tuple[str, ...] = ()


def published_guide(code: str) -> Guide | None:
    """Return the published guide of this matter, also of one that is closed; None for an unknown code (4 queries)."""
    if "\x00" in code:
        return None
    version = (
        MatterVersion.objects.select_related("matter__department", "matter__merged_into")
        .filter(matter__code=code, matter__current=F("pk"))
        .first()
    )
    return guide_of(version) if version else None


def guide_of(version: MatterVersion) -> Guide:
    """Return this version of a guide in words (3 queries, and more if its matter is not loaded)."""
    found = guide_in_words(version, downloads_of(version.matter_id), defaults_today(version.matter_id))
    return replace(found, hall_promises=promises_of(version))


def guide_in_words(
    version: MatterVersion,
    files: Mapping[str, Download],
    policies: Sequence[TimeoutPolicy] = (),
    own: Promised | None = None,
) -> Guide:
    """Return a loaded version in words, without a query: one of many, as a hall prints them."""
    matter = version.matter
    parts = _parts(version, files)
    materials, steps = parts.materials, parts.steps
    return Guide(
        code=matter.code,
        name=version.name,
        aliases=tuple(version.aliases),
        kind=version.kind,
        theme=version.theme,
        department=matter.department.name,
        department_code=matter.department.code,
        handling=version.handling,
        handling_label=version.get_handling_display(),
        service_objects="、".join(version.service_objects),
        decision_level=version.decision_level,
        decision_label=version.get_decision_level_display(),
        places=guide_text.places(version, steps),
        promise=_promise(version),
        uncounted=guide_text.uncounted(steps),
        statute=_statute(version),
        fee=guide_text.fee(version),
        fee_basis=version.fee_basis,
        materials=_materials(parts, files),
        required=sum(material.necessity == Material.Necessity.REQUIRED for material in materials),
        tolerant=sum(material.necessity == Material.Necessity.TOLERANT for material in materials),
        conditions=parts.conditions,
        steps=tuple(_step(step) for step in steps),
        legal_bases=tuple(_legal_basis(basis) for basis in parts.legal_bases),
        defaults=_defaults(version, policies, steps),
        result=version.result_name,
        result_kind=version.result_kind,
        result_validity=version.result_validity,
        onsite_visits=version.onsite_visits,
        notes=version.notes,
        sources=tuple(source["title"] for source in version.sources if source.get("title")),
        version=version.number,
        published_at=version.published_at,
        is_current=matter.current_id == version.pk,
        paused_on=matter.paused_on,
        abolished_on=matter.abolished_on,
        closing_reason=matter.closing_reason,
        successor=successor_of(matter),
        standing=matter.standing,
        effective_on=version.effective_on,
        changed_at=matter.changed_at,
        content=version.content,
        village_role=version.get_village_role_display(),
        accept_levels=tuple(version.accept_levels),
        organs=tuple(dict.fromkeys(step.actor for step in steps)),
        more=parts.more,
        own=own,
        composed=parts.composed,
    )


def _parts(version: MatterVersion, files: Mapping[str, Download]) -> Parts:
    if version.content:
        record = stored_record(version.content)
        more = more_of(record, version, files)
        return Parts(
            record.materials, record.steps, record.conditions, record.legal_bases, more, composed=record.composed
        )
    return Parts(
        list(Material.objects.filter(version=version).order_by("seq")),
        list(Step.objects.filter(version=version).order_by("seq")),
        tuple(Condition.objects.filter(version=version).order_by("seq").values_list("text", flat=True)),
        list(LegalBasis.objects.filter(version=version).order_by("seq")),
        GuideMore(),
    )


def successor_of(matter: Matter) -> Successor | None:
    """Return where a merged matter leads in the end (1 query per step); None for one that was not merged."""
    target = matter.merged_into
    while target is not None and target.merged_into_id is not None:  # no circle: nothing is merged into what is gone
        target = target.merged_into
    return Successor(target.code, target.name) if target is not None else None


def _promise(version: MatterVersion) -> Figure:
    return Figure(
        text=guide_text.promise(version),
        basis=version.get_promised_basis_display(),
        is_sample=version.promised_basis in SAMPLE_BASES,
        note=version.promised_note,
    )


def _statute(version: MatterVersion) -> Figure:
    return Figure(
        text=guide_text.statute(version),
        basis=version.get_statutory_basis_display() if version.statutory_basis else "",
        is_sample=version.statutory_basis in SAMPLE_BASES,
        note=version.statutory_note,
    )


def _materials(parts: Parts, files: Mapping[str, Download]) -> tuple[GuideMaterial, ...]:
    return tuple(_material(one, seq, files, parts.composed) for seq, one in enumerate(parts.materials, start=1))


def _material(
    material: MaterialRecord | Material, seq: int, files: Mapping[str, Download], composed: Sequence[str]
) -> GuideMaterial:
    return GuideMaterial(
        seq=seq,
        name=material.name,
        copies=guide_text.copies(material),
        necessity=material.necessity,
        necessity_label=_label(Material.Necessity, material.necessity),
        necessity_note=material.necessity_note,
        source=material.issuer or material.source,
        is_shareable=material.is_shareable,
        has_template=material.has_template,
        note=material.note,
        standard=material.standard,
        legal_ground=material.legal_ground,
        grade=str(GRADES.get(material.grade, "")),
        intermediary=material.intermediary,
        fill_note=material.fill_note,
        blank=material.blank,
        sample=material.sample,
        blank_file=files.get(material.blank),
        sample_file=files.get(material.sample),
        source_is_sample=bool(material.issuer) and "materials.issuer" in composed,
        note_is_sample=bool(material.note) and "materials.note" in composed,
        intermediary_is_sample=bool(material.intermediary) and "materials.intermediary" in composed,
    )


def _label(words: type[TextChoices], value: str) -> str:
    """Return a code's label; a word that is no longer known has none."""
    return str(words(value).label) if value in words.values else ""


def _step(step: StepRecord | Step) -> GuideStepLine:
    return GuideStepLine(
        seq=step.seq,
        name=step.name,
        level=step.level,
        level_label=_label(Level, step.level),
        organ=step.actor,
        kind_label=_label(Step.Kind, step.kind),
        time=guide_text.duration(step.days, step.unit) if step.days else _("当场"),
        counts=step.counts_in_limit,
        is_decision=step.kind in {Step.Kind.DECIDE, Step.Kind.INSTANT},
        kind=step.kind,
        standard=step.standard,
        result=step.result,
    )


def _legal_basis(basis: BasisRecord | LegalBasis) -> str:
    number = f"（{basis.document_no}）" if basis.document_no else ""
    return f"《{basis.law}》{number}{'、'.join(basis.articles)}"


def _defaults(
    version: MatterVersion, policies: Sequence[TimeoutPolicy], steps: Sequence[StepRecord | Step]
) -> tuple[Default, ...]:
    """Return what follows when nobody acts; not what the guide, as it reads now, no longer allows."""
    affair = Affair(
        version.name, version.kind, version.theme, version.result_name, version.result_kind,
        step_names=tuple(step.name for step in steps),
    )  # fmt: skip
    found = [
        Default(in_plain_words(row), row.citation)
        for row in policies
        if not forbidden(Policy(row.policy), Where(row.place), affair, step_kind=row.step_kind)
    ]
    if version.kind == PERMIT:
        text = _("窗口收到材料后 5 个工作日内没有一次告诉您要补什么的，从收到材料那天起就算受理。")
        found.insert(0, Default(text, _("《中华人民共和国行政许可法》第三十二条第一款第四项")))
    return tuple(found)
