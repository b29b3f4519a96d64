"""What can be asked of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from matters.models import Matter  # noqa: F401


class MatterQuerySet(models.QuerySet["Matter"]):
    def open_to_public(self) -> MatterQuerySet:
        """Matters with a published guide."""
        return self.filter(current__isnull=False, paused_on__isnull=True).select_related("current", "department")

    def accepted_at(self, tier: str) -> MatterQuerySet:
        """Matters that a hall of this tier takes in."""
        return self.filter(current__accept_levels__contains=[tier])

    def matching(self, words: str) -> MatterQuerySet:
        """Matters whose name, aliases, pinyin, initials, theme or department contain every word."""
        found = self
        for word in words.lower().split():
            found = found.filter(Q(search_text__contains=word))
        return found
