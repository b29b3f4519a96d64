"""Put a guide where cases take it from, inside a transaction that is taken back: for trying it out."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from halls.models import Department
from matters.actions._guide_parts import part_rows, version_of
from matters.domain.catalogue import MatterRecord
from matters.models import Matter, MatterVersion


def stage_guide(record: MatterRecord, *, at: datetime) -> MatterVersion:
    """Make it the matter's guide, whoever signed it; the caller takes the transaction back.

    Raises Department.DoesNotExist when the county has no such bureau.
    """
    assert connection.in_atomic_block
    bureau = Department.objects.get(organ=record.department, kind=Department.Kind.BUREAU, retired_on__isnull=True)
    matter = Matter.objects.select_related("current").filter(code=record.code).first()
    if matter is None:
        matter = Matter(code=record.code, name=record.name, theme=record.theme, department=bureau)
        matter.save()
    version = version_of(record, matter, at)
    version.number = (matter.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version.save()
    for model, rows in part_rows([record], [version]).items():
        model._default_manager.bulk_create(rows)
    matter.department, matter.current = bureau, version
    matter.paused_on = matter.abolished_on = None
    matter.save()
    return version
