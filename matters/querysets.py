"""What can be asked of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BooleanField, F, Func, Q, TextField, Value

from halls.domain.duties import Duty
from matters.domain.search_line import grams_of, like

if TYPE_CHECKING:
    from halls.acting import Actor
    from matters.models import GuideDraft, Matter, MatterClosing  # noqa: F401


def _edited_by(actor: Actor, department: str = "department") -> Q:
    """Rows of departments at or below a node where the actor edits matters."""
    condition = Q(pk__in=[])
    for path in actor.nodes.get(Duty.EDIT_MATTERS, ()):
        condition |= Q(**{f"{department}__path__startswith": path})
    return condition


class Like(Func):
    """`text LIKE pattern`, the wildcards of the pattern kept."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()
    conditional = True

    def __init__(self, text: Any, pattern: str) -> None:
        super().__init__(text, Value(pattern))


class SearchGrams(Func):
    """Every character and pair of neighbours of the searched column: what its index holds (migration 0017)."""

    function = "search_grams"
    output_field = ArrayField(TextField())


class MatterQuerySet(models.QuerySet["Matter"]):
    def open_to_public(self) -> MatterQuerySet:
        """Matters with a published guide, neither paused nor abolished; the whole record stays in the database."""
        return self.listed().filter(paused_on__isnull=True)

    def listed(self) -> MatterQuerySet:
        """As open_to_public, with those that are paused for a while: people still look for them."""
        found = self.filter(current__isnull=False, abolished_on__isnull=True)
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
            found = found.containing_any([like(word)])
        return found

    def containing_any(self, patterns: Iterable[str]) -> MatterQuerySet:
        """Matters whose searched column contains one of these LIKE patterns: found by index, then compared."""
        grams, texts = [], []
        for pattern in patterns:
            grams.append(Q(grams__contains=list(grams_of(pattern))))
            texts.append(Q(Like(F("search_text"), f"%{pattern}%")))
        found = self.alias(grams=SearchGrams("search_text"))
        return found.filter(reduce(or_, grams, Q())).filter(reduce(or_, texts, Q()))


class GuideDraftQuerySet(models.QuerySet["GuideDraft"]):
    def visible_to(self, actor: Actor) -> GuideDraftQuerySet:
        """Every draft the actor may see: the only source of lists, pages and API answers."""
        return self.filter(_edited_by(actor))

    def open(self) -> GuideDraftQuerySet:
        """Drafts that were neither published nor dropped."""
        return self.filter(state__in=self.model.OPEN)


class MatterClosingQuerySet(models.QuerySet["MatterClosing"]):
    def visible_to(self, actor: Actor) -> MatterClosingQuerySet:
        """Proposals about matters that the actor edits."""
        return self.filter(_edited_by(actor, "matter__department"))

    def waiting(self) -> MatterClosingQuerySet:
        """Neither confirmed nor dropped."""
        return self.filter(confirmed_at__isnull=True, dropped_at__isnull=True)
