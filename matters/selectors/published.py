"""The published guide as the record it was made from."""

from __future__ import annotations

from django.db.models import F

from matters.domain.catalogue import MatterRecord
from matters.models import MatterVersion
from matters.selectors.stored import stored_record


def published_record(code: str) -> MatterRecord | None:
    """Return the record of the matter's published guide, None for an unknown or abolished one (one query)."""
    if "\x00" in code:
        return None
    rows = MatterVersion.objects.filter(matter__code=code, matter__current=F("pk"), matter__abolished_on__isnull=True)
    content = rows.values_list("content", flat=True).first()
    return stored_record(content) if content else None
