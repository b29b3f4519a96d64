"""A guide that nobody has published, as the villager would see it: made from its record, never saved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from matters.domain.catalogue import MatterRecord
from matters.domain.catalogue_writer import as_dict
from matters.models import GuideDraft, Matter, MatterVersion
from matters.selectors.guide import Guide, guide_in_words
from matters.selectors.guide_more import downloads_of
from matters.selectors.timeout import defaults_today

SAME_NAME = (
    "name", "kind", "theme", "handling_organ", "decision_level", "village_role", "handling", "fee_charged",
    "fee_standard", "fee_basis", "result_name", "result_kind", "result_validity", "onsite_visits", "confidence",
    "notes", "content_hash",
)  # fmt: skip
LISTS = ("aliases", "accept_levels", "service_objects", "life_events", "sources")


def version_columns(record: MatterRecord) -> dict[str, Any]:
    """Return the columns of a version that say what the record says."""
    assert record.promised.amount is not None  # a record without a promise has a fault
    values: dict[str, Any] = {name: getattr(record, name) for name in SAME_NAME}
    values |= {name: list(getattr(record, name)) for name in LISTS}
    return values | {
        "content": as_dict(record),
        "statutory_amount": record.statutory.amount,
        "statutory_unit": record.statutory.unit,
        "statutory_note": record.statutory.note,
        "statutory_basis": record.statutory.basis,
        "promised_days": record.promised.amount,
        "promised_basis": record.promised.basis,
        "promised_note": record.promised.note,
    }


def guide_as_drafted(draft: GuideDraft, record: MatterRecord, *, at: datetime, effective_on: date) -> Guide:
    """Return the guide that this draft would become (2 queries, none for a new matter). `record` has no fault."""
    matter = draft.matter or Matter(code=draft.code, changed_at=at)
    matter.department = draft.department
    version = MatterVersion(
        matter=matter,
        number=draft.base.number + 1 if draft.base is not None else 1,
        published_at=at,
        effective_on=effective_on,
        **version_columns(record),
    )
    if draft.matter_id is None:
        return guide_in_words(version, {})
    return guide_in_words(version, downloads_of(draft.matter_id), defaults_today(draft.matter_id))
