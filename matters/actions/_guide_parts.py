"""The rows of a new guide version, made from a record of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Model

from halls.domain.worktime import day_of
from halls.models import Department
from matters.actions._search_text import full_pinyin, search_text
from matters.domain.catalogue import MatterRecord
from matters.models import Condition, LegalBasis, Material, Matter, MatterVersion, Step
from matters.selectors.unpublished import version_columns


def matter_columns(record: MatterRecord, bureau: Department, old: Sequence[tuple[str, bool]] = ()) -> dict[str, Any]:
    """Return how a matter with this guide is named, found and ordered. `old`: as matters.selectors.absorbed."""
    words = f"{record.department_short} {bureau.organ} {bureau.name}"
    return {
        "name": record.name,
        "theme": record.theme,
        "department_id": bureau.pk,
        "search_text": search_text(record.name, record.aliases, record.theme, words, record.code, old),
        "sort_key": full_pinyin(record.name)[:200],
        "is_core": record.is_core,
    }


def version_of(record: MatterRecord, matter: Matter, now: datetime) -> MatterVersion:
    """Return the next version of the matter, unsaved."""
    return MatterVersion(
        matter=matter,
        number=matter.current.number + 1 if matter.current else 1,
        published_at=now,
        effective_on=day_of(now),
        **version_columns(record),
    )


def part_rows(records: Sequence[MatterRecord], versions: Sequence[MatterVersion]) -> dict[type[Model], list[Any]]:
    """Return all parts of these versions, by model, in the order of the guide."""
    rows: dict[type[Model], list[Any]] = {Condition: [], LegalBasis: [], Material: [], Step: []}
    for record, version in zip(records, versions, strict=True):
        rows[Condition] += [
            Condition(version=version, seq=seq, text=text) for seq, text in enumerate(record.conditions, start=1)
        ]
        rows[LegalBasis] += [
            LegalBasis(
                version=version, seq=seq, law=basis.law, document_no=basis.document_no, articles=list(basis.articles)
            )
            for seq, basis in enumerate(record.legal_bases, start=1)
        ]
        rows[Material] += [
            Material(version=version, seq=seq, **asdict(material))
            for seq, material in enumerate(record.materials, start=1)
        ]
        rows[Step] += [Step(version=version, **asdict(step)) for step in record.steps]
    return rows
