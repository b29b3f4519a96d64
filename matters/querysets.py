"""What can be asked of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BooleanField, Func, Q, Value

if TYPE_CHECKING:
    from matters.models import Matter  # noqa: F401


class Like(Func):
    """`text LIKE pattern`, the wildcards of the pattern kept."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()
    conditional = True

    def __init__(self, text: Any, pattern: str) -> None:
        super().__init__(text, Value(pattern))


class MatterQuerySet(models.QuerySet["Matter"]):
    def open_to_public(self) -> MatterQuerySet:
        """Matters with a published guide, neither paused nor abolished; the whole record stays in the database."""
        found = self.filter(current__isnull=False, paused_on__isnull=True, abolished_on__isnull=True)
        return found.select_related("current", "department").defer(
            "current__content", "current__sources", "current__notes"
        )

    def accepted_at(self, tier: str) -> MatterQuerySet:
        """Matters that a hall of this tier takes in."""
        return self.filter(current__accept_levels__contains=[tier])

    def matching(self, words: str) -> MatterQuerySet:
        """Matters whose name, aliases, pinyin, initials, theme or department contain every word."""
        found = self
        for word in words.lower().split():
            found = found.filter(Q(search_text__contains=word))
        return found
