"""Import the catalogue: new matters, new versions of changed guides, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from halls.models import Department, Division, Level
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue, next_change
from matters.actions._guide_parts import matter_columns, part_rows, version_of
from matters.actions.lint_catalogue import lint_catalogue
from matters.domain.catalogue import MatterRecord
from matters.domain.catalogue_file import CatalogueFileError, parse_catalogue
from matters.domain.record_reader import RecordFault
from matters.models import GuideDraft, Matter, MatterVersion
from matters.selectors.absorbed import Phrase, old_names
from matters.selectors.stored import stored_record
from matters.shipped import composed_life_events, life_events_of

BATCH = 500
REASON = "import_matters"
BESIDE = ("name", "theme", "department_id", "is_core")  # of matter_columns: those that are not made for the search


@dataclass(frozen=True)
class ImportReport:
    """Counts of matters. `absent` are in the catalogue but not in the file: they stay as they are.

    `kept` are the codes of guides that two persons signed, or of abolished matters, from which the file differs: they
    stay, too.
    """

    added: int
    changed: int
    unchanged: int
    absent: int
    dry_run: bool
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    """A record of the file beside the matter it belongs to."""

    record: MatterRecord
    matter: Matter
    is_new: bool
    has_new_guide: bool
    is_changed: bool
    is_kept: bool = False


def import_matters(content: bytes, *, dry_run: bool = False, overwrite: bool = False) -> ImportReport:
    """Make the guides of this file the published ones.

    A changed record becomes a new version; running cases keep the version they were filed under. The
    same file again changes nothing. Departments are those of the county that was loaded first.

    A guide that came from a draft with two signatures, and a matter that is abolished, are kept as they are, unless
    `overwrite`; only the column by which they are searched is made anew. The linter's reports are made anew.

    Raises CatalogueFileError (every fault, by record and field); then nothing was written.
    """
    departments = _departments()
    records = [_with_life_events(record) for record in parse_catalogue(content, departments=departments.keys())]
    with transaction.atomic():
        hold_catalogue()  # two imports at once would both publish version 2
        held = {matter.code: matter for matter in Matter.objects.select_related("current", "department")}
        signed = frozenset() if overwrite else _signed()
        old = old_names()
        rows = [_compare(record, held, departments, signed, old.get(record.code, ())) for record in records]
        if not dry_run:
            _write(rows, signed, now=read_moment().at)
            lint_catalogue()  # a new name may clash with any other matter's
    added = sum(row.is_new for row in rows)
    changed = sum(row.is_changed for row in rows)
    return ImportReport(
        added=added,
        changed=changed,
        unchanged=len(rows) - added - changed - sum(row.is_kept for row in rows),
        absent=len(held.keys() - {record.code for record in records}),
        dry_run=dry_run,
        kept=tuple(row.matter.code for row in rows if row.is_kept),
    )


def _signed() -> frozenset[int]:
    """Return the matters that no file changes: people signed their guides, or took them out of use."""
    drafted = GuideDraft.objects.filter(published__isnull=False, published=F("matter__current"))
    abolished = Matter.objects.filter(abolished_on__isnull=False)
    return frozenset((*drafted.values_list("matter", flat=True), *abolished.values_list("pk", flat=True)))


def _departments() -> dict[str, Department]:
    county = Division.objects.filter(level=Level.COUNTY, retired_on__isnull=True).order_by("pk").first()
    if county is None:
        raise CatalogueFileError(
            [RecordFault("文件", "department_full", "还没有装入县的部门。", "请先运行 manage.py load_county。")]
        )
    bureaus = Department.objects.filter(kind=Department.Kind.BUREAU, hall__division=county, retired_on__isnull=True)
    return {bureau.organ: bureau for bureau in bureaus}


def _with_life_events(record: MatterRecord) -> MatterRecord:
    """Give a matter that names no life event those that ship for it, marked as ours until a county has checked them."""
    events = life_events_of(record.code)
    if record.life_events or not events:
        return record
    composed = ("life_events",) if composed_life_events() and "life_events" not in record.composed else ()
    return replace(record, life_events=events, composed=(*record.composed, *composed))


def _compare(
    record: MatterRecord,
    held: Mapping[str, Matter],
    departments: Mapping[str, Department],
    signed: Collection[int],
    old: Sequence[Phrase],
) -> _Row:
    """Bring the matter to the record in memory, unless it is signed, and say what that changed."""
    matter = held.get(record.code)
    is_new = matter is None
    if matter is None:
        matter = Matter(code=record.code)
    wanted = matter_columns(record, departments[record.department], old)
    differs = any(getattr(matter, name) != value for name, value in wanted.items()) if not is_new else True
    has_new_guide = matter.current is None or matter.current.content_hash != record.content_hash
    if matter.pk in signed:
        is_other = has_new_guide or any(getattr(matter, name) != wanted[name] for name in BESIDE)
        return _Row(record, matter, is_new=False, has_new_guide=False, is_changed=False, is_kept=is_other)
    for name, value in wanted.items():
        setattr(matter, name, value)
    return _Row(record, matter, is_new, has_new_guide, is_changed=not is_new and (differs or has_new_guide))


def _write(rows: Sequence[_Row], signed: Collection[int], *, now: datetime) -> None:
    new, changed_at = [row.matter for row in rows if row.is_new], next_change()
    for row in rows:
        if row.is_new or row.is_changed:
            row.matter.changed_at = changed_at
    Matter.objects.bulk_create(new, batch_size=BATCH)
    _publish([row for row in rows if row.has_new_guide], now=now)
    Matter.objects.bulk_update(new, ["current"], batch_size=BATCH)
    Matter.history.bulk_history_create(new, batch_size=BATCH, default_change_reason=REASON)
    _find_by_todays_words([row.matter for row in rows if row.matter.pk in signed])
    changed = [row.matter for row in rows if row.is_changed]
    if changed:
        fields = ["name", "theme", "department", "search_text", "sort_key", "is_core", "current", "changed_at"]
        bulk_update_with_history(changed, Matter, fields, batch_size=BATCH, default_change_reason=REASON)


def _find_by_todays_words(matters: Sequence[Matter]) -> None:
    """Let a guide that stays be found by the plain words that ship today; what it says is untouched."""
    stale, old = [], old_names()
    for matter in matters:
        if matter.current is None or not matter.current.content:
            continue
        record = stored_record(matter.current.content)
        found = matter_columns(record, matter.department, old.get(matter.code, ()))["search_text"]
        if found != matter.search_text:
            matter.search_text = found
            stale.append(matter)
    Matter.objects.bulk_update(stale, ["search_text"], batch_size=BATCH)


def _publish(rows: Sequence[_Row], *, now: datetime) -> None:
    """Supersede what was published, and publish the new versions with all their parts."""
    old = [row.matter.current for row in rows if row.matter.current is not None]
    for version in old:
        version.superseded_at = now
    if old:
        bulk_update_with_history(old, MatterVersion, ["superseded_at"], batch_size=BATCH, default_change_reason=REASON)
    versions = [version_of(row.record, row.matter, now) for row in rows]
    if versions:
        bulk_create_with_history(versions, MatterVersion, batch_size=BATCH, default_change_reason=REASON)
    for row, version in zip(rows, versions, strict=True):
        row.matter.current = version
    for model, parts in part_rows([row.record for row in rows], versions).items():
        model._default_manager.bulk_create(parts, batch_size=BATCH)
