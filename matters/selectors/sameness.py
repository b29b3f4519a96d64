"""八统一核对: whether the same matter says the same everywhere, and what earlier comparisons found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from halls.models import Hall, Level
from matters.domain.catalogue import MatterRecord
from matters.domain.sameness import Difference, Side, differences, twins
from matters.models import HallMatter, MatterVersion, SamenessReport
from matters.selectors.stored import stored_record

SILENT_AFTER: Final = timedelta(days=2)
LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much was compared, and where it differs.

    `compared`: guides that share a code or a name with another one, and what halls wrote of a matter. `uncoded`: guides
    without a basic code, which only their name could tell to be the same as another.
    """

    matters: int
    halls: int
    compared: int
    uncoded: int
    found: tuple[Difference, ...]


def comparison() -> Comparison:
    """Compare all published guides with each other, and what halls wrote with the guides (3 queries).

    As of one moment; inside somebody's transaction, as of theirs.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        versions = MatterVersion.objects.filter(matter__current=F("pk"), matter__abolished_on__isnull=True)
        records = [stored_record(content) for content in versions.values_list("content", flat=True) if content]
        halls = Hall.objects.filter(retired_on__isnull=True).count()
        taken = [record.code for record in records]
        rows = HallMatter.objects.filter(matter__code__in=taken, hall__retired_on__isnull=True)
        written = list(rows.select_related("hall", "matter").order_by("matter__code", "hall__code"))
    return Comparison(
        matters=len(records),
        halls=halls,
        compared=len(twins(records)) + len(written),
        uncoded=sum(not record.basic_code for record in records),
        found=(*differences(records), *_halls_astray(records, written)),
    )


def _halls_astray(records: Sequence[MatterRecord], written: Sequence[HallMatter]) -> list[Difference]:
    """Return the halls that say something of a matter which its guide does not let them take in.

    The base elements themselves cannot differ by hall: a hall has nowhere to write them (HallMatter).
    """
    taken = {record.code: record for record in records}
    found = []
    for row in written:
        record = taken[row.matter.code]
        if row.hall.tier in record.accept_levels:
            continue
        levels = "、".join(str(Level(level).label) for level in record.accept_levels)
        own = " ".join(filter(None, (row.window, row.place, row.hours, row.phone))) or _("暂停办理")
        sides = (
            Side(record.code, record.name, _("在%(levels)s受理") % {"levels": levels}),
            Side(row.hall.code, row.hall.name, _("本厅信息：%(own)s") % {"own": own}),
        )
        found.append(Difference((record.code, row.hall.code), _("同一事项"), LOCAL, _("受理层级"), sides))
    return found


def sameness() -> tuple[Difference, ...]:
    """Return where guides of the same matter differ, and halls from their guide."""
    return comparison().found


def as_json(one: Difference) -> dict[str, Any]:
    """Return a difference as a report keeps it."""
    return {
        "codes": list(one.codes),
        "why_same": one.why_same,
        "element": one.element,
        "label": one.label,
        "sides": [{"code": side.code, "name": side.name, "words": side.words} for side in one.sides],
    }


def latest_reports(most: int = 30) -> list[SamenessReport]:
    """Return the newest reports without what they found (1 query)."""
    return list(SamenessReport.objects.defer("found")[:most])


def report_made(pk: int | None = None) -> SamenessReport | None:
    """Return this report, or the newest; None when there is none (1 query)."""
    rows = SamenessReport.objects.all()
    return rows.filter(pk=pk).first() if pk is not None else rows.first()


def is_silent(report: SamenessReport | None, now: datetime) -> bool:
    """Whether nothing was compared for two days."""
    return report is None or now - report.made_at > SILENT_AFTER
