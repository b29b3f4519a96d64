"""A record of the catalogue as a file writes it: what matter_reader reads, it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matters.domain import catalogue
from matters.domain.catalogue import Limit, MaterialRecord, MatterRecord, StepRecord


def as_dict(record: MatterRecord) -> dict[str, Any]:
    """Return the record in the words of a file: JSON types only, every key there, absent values None or empty."""
    return {
        "id": record.code,
        "name": record.name,
        "aliases": list(record.aliases),
        "type": record.kind,
        "theme": record.theme,
        "department": record.department_short,
        "department_full": record.department,
        "handling_organ": record.handling_organ,
        "decision_level": record.decision_level,
        "accept_levels": list(record.accept_levels),
        "village_role": _word(catalogue.VILLAGE_ROLES, record.village_role),
        "service_objects": list(record.service_objects),
        "handling_type": _word(catalogue.HANDLING_TYPES, record.handling),
        "statutory_limit": _statutory(record.statutory),
        "promised_limit": _limit(record.promised) | {"basis": record.promised.basis},
        "legal_basis": [
            {"law": basis.law, "doc_no": basis.document_no, "articles": list(basis.articles)}
            for basis in record.legal_bases
        ],
        "conditions": list(record.conditions),
        "materials": [_material(material) for material in record.materials],
        "steps": [_step(step) for step in record.steps],
        "fee": _fee(record),
        "result": {
            "name": record.result_name,
            "type": record.result_kind,
            "validity": record.result_validity,
            "sample": record.result_sample,
        },
        "onsite_visits": record.onsite_visits,
        "provenance": {"sources": [dict(source) for source in record.sources], "composed": list(record.composed)},
        "confidence": record.confidence or None,
        "notes": record.notes,
        "core": record.is_core,
        **_more(record),
    }


def _more(record: MatterRecord) -> dict[str, Any]:
    return {
        "basic_code": record.basic_code,
        "task_code": record.task_code,
        "parent_code": record.parent_code,
        "variants": [{"code": v.code, "name": v.name, "note": v.note} for v in record.variants],
        "organ_kind": _word(catalogue.ORGAN_KINDS, record.organ_kind),
        "power_source": _word(catalogue.POWER_SOURCES, record.power_source),
        "entrusted_by": record.entrusted_by,
        "topics": {"personal": list(record.personal_topics), "legal": list(record.legal_topics)},
        "life_events": list(record.life_events),
        "provincial_limit": _limit(record.provincial) if record.provincial.amount is not None else None,
        "visits_note": record.visits_note,
        "channels": list(record.channels),
        "reach": record.reach or None,
        "booking": record.booking,
        "pays_online": record.pays_online,
        "shipped": record.is_shipped,
        "place": record.place,
        "hours": record.hours,
        "consult": record.consult,
        "complaint": record.complaint,
        "remedies": record.remedies,
        "questions": [
            {
                "text": question.text,
                "options": [
                    {"text": option.text, "materials": list(option.materials), "refusal": option.refusal}
                    for option in question.options
                ],
            }
            for question in record.questions
        ],
        "faq": [{"question": one.question, "answer": one.answer} for one in record.faq],
    }


def _word(words: Mapping[str, str], code: str) -> str | None:
    return next((word for word, value in words.items() if value == code), None)


def _limit(limit: Limit) -> dict[str, Any]:
    return {"days": limit.amount, "unit": _word(catalogue.LIMIT_UNITS, limit.unit), "note": limit.note}


def _statutory(limit: Limit) -> dict[str, Any] | None:
    if limit.amount is None:
        return {"days": None, "note": limit.note} if limit.note else None
    return _limit(limit) | {"basis": limit.basis}


def _fee(record: MatterRecord) -> dict[str, Any]:
    return {
        "charged": record.fee_charged,
        "standard": record.fee_standard,
        "basis": record.fee_basis,
        "items": [{"name": item.name, "standard": item.standard, "basis": item.basis} for item in record.fee_items],
    }


def _material(material: MaterialRecord) -> dict[str, Any]:
    return {
        "name": material.name,
        "form": material.form,
        "originals": material.originals,
        "copies": material.copies,
        "view_original": material.view_original,
        "medium": material.medium,
        "source": material.source,
        "issuer": material.issuer,
        "necessity": _word(catalogue.NECESSITIES, material.necessity),
        "necessity_note": material.necessity_note,
        "shareable": material.is_shareable,
        "template": material.has_template,
        "note": material.note,
        "standard": material.standard,
        "legal_ground": material.legal_ground,
        "grade": material.grade or None,
        "intermediary": material.intermediary,
        "fill_note": material.fill_note,
        "blank": material.blank,
        "sample": material.sample,
    }


def _step(step: StepRecord) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "name": step.name,
        "level": step.level,
        "actor": step.actor,
        "kind": step.kind,
        "days": step.days,
        "unit": _word(catalogue.LIMIT_UNITS, step.unit),
        "counts_in_limit": step.counts_in_limit,
        "standard": step.standard,
        "result": step.result,
    }
