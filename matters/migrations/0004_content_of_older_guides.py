"""Guides of an older installation get their content from their rows, in the words of a catalogue file."""

from django.db import migrations

VILLAGE_ROLES = {"proxy": "代办", "direct": "直办", "assist": "协办", "none": "不涉及"}
HANDLINGS = {"immediate": "即办件", "promised": "承诺件"}
UNITS = {"wd": "工作日", "cd": "自然日", "mo": "月", "y": "年"}
NECESSITIES = {"required": "必要", "tolerant": "容缺", "by_circumstance": "按情形"}


def fill(apps, _editor):
    model = apps.get_model("matters", "MatterVersion")
    for version in model.objects.filter(content={}).select_related("matter__department").iterator(chunk_size=200):
        model.objects.filter(pk=version.pk).update(content=content_of(apps, version))


def content_of(apps, version):
    def rows(name):
        return apps.get_model("matters", name).objects.filter(version=version).order_by("seq")

    statutory = None
    if version.statutory_amount is not None:
        statutory = {
            "days": version.statutory_amount, "unit": UNITS[version.statutory_unit], "note": version.statutory_note,
            "basis": version.statutory_basis,
        }
    elif version.statutory_note:
        statutory = {"days": None, "note": version.statutory_note}
    return {
        "id": version.matter.code, "name": version.name, "aliases": version.aliases, "type": version.kind,
        "theme": version.theme, "department": "", "department_full": version.matter.department.organ,
        "handling_organ": version.handling_organ, "decision_level": version.decision_level,
        "accept_levels": version.accept_levels, "village_role": VILLAGE_ROLES[version.village_role],
        "service_objects": version.service_objects, "handling_type": HANDLINGS[version.handling],
        "statutory_limit": statutory,
        "promised_limit": {
            "days": version.promised_days, "unit": "工作日", "note": version.promised_note,
            "basis": version.promised_basis,
        },
        "legal_basis": [
            {"law": row.law, "doc_no": row.document_no, "articles": row.articles} for row in rows("LegalBasis")
        ],
        "conditions": [row.text for row in rows("Condition")],
        "materials": [
            {
                "name": row.name, "form": row.form, "originals": row.originals, "copies": row.copies,
                "view_original": row.view_original, "medium": row.medium, "source": row.source, "issuer": row.issuer,
                "necessity": NECESSITIES[row.necessity], "necessity_note": row.necessity_note,
                "shareable": row.is_shareable, "template": row.has_template, "note": row.note,
            }
            for row in rows("Material")
        ],
        "steps": [
            {
                "seq": row.seq, "name": row.name, "level": row.level, "actor": row.actor, "kind": row.kind,
                "days": row.days, "unit": UNITS[row.unit], "counts_in_limit": row.counts_in_limit,
            }
            for row in rows("Step")
        ],
        "fee": {"charged": version.fee_charged, "standard": version.fee_standard, "basis": version.fee_basis},
        "result": {
            "name": version.result_name, "type": version.result_kind, "validity": version.result_validity,
        },
        "onsite_visits": version.onsite_visits, "provenance": {"sources": version.sources},
        "confidence": version.confidence or None, "notes": version.notes, "core": version.matter.is_core,
    }


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_full_record")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
