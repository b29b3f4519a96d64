"""Import bundles: all or nothing, checked against the catalogue that is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from halls.models import Department
from halls.selectors.work_calendar import read_moment
from matters.actions._search_text import full_pinyin, search_text
from matters.domain.bundle import BundleRecord
from matters.domain.bundle_file import as_dict, parse_bundles
from matters.models import Bundle, Matter


@dataclass(frozen=True)
class BundleReport:
    added: int
    changed: int
    unchanged: int
    dry_run: bool


def import_bundles(content: bytes, *, dry_run: bool = False) -> BundleReport:
    """Make the bundles of this file the county's; the same file again changes nothing.

    Raises CatalogueFileError (every fault, by record and field); then nothing was written.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE matters_bundle IN SHARE ROW EXCLUSIVE MODE")
        matters = {matter.code: matter for matter in Matter.objects.filter(current__isnull=False)}
        leads = _leads()
        in_use = {code for code, matter in matters.items() if matter.abolished_on is None}
        records = parse_bundles(content, matters=in_use, leads=leads.keys())
        held = {bundle.code: bundle for bundle in Bundle.objects.all()}
        added = [record for record in records if record.code not in held]
        changed = [r for r in records if r.code in held and held[r.code].content_hash != r.content_hash]
        if not dry_run:
            for record in (*added, *changed):
                _write(record, held.get(record.code) or Bundle(code=record.code), leads, matters)
    return BundleReport(len(added), len(changed), len(records) - len(added) - len(changed), dry_run)


def _leads() -> dict[str, Department]:
    """Return the bureaus by the short names that people and files use (民政 for 县民政局)."""
    found: dict[str, Department] = {}
    rows = Matter.objects.filter(current__isnull=False).select_related("department", "current")
    for matter in rows:
        assert matter.current is not None
        short = matter.current.content.get("department") or ""
        if short:
            found.setdefault(short, matter.department)
    return found


def _write(record: BundleRecord, bundle: Bundle, leads: dict[str, Department], matters: dict[str, Matter]) -> None:
    bundle.name, bundle.lead = record.name, leads[record.lead]
    bundle.content, bundle.content_hash = as_dict(record), record.content_hash
    bundle.search_text = search_text(record.name, [record.name.removesuffix("一件事")], "一件事", bundle.lead.name)
    bundle.sort_key = full_pinyin(record.name)[:200]
    bundle.changed_at = read_moment().at
    bundle._change_reason = "import_bundles"  # type: ignore[attr-defined]
    bundle.save()
    bundle.members.set([matters[member.code] for member in record.members])
