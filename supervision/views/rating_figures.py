"""Figures and rates on the page of ratings: each number opens exactly the rows it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from halls.acting import Actor
from supervision.figures import Present, Text
from supervision.figures_ratings import DOUBTED, HELD_FIGURES, RATES, RATING_FIGURES, rate_counts
from supervision.models import Rating
from supervision.selectors.ratings import from_above, held_ratings, visible_ratings
from supervision.views.parts import address
from supervision.views.statistics import share


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address narrows the list to."""

    label: Text
    definition: Text
    condition: Q
    query: dict[str, str]
    is_held: bool = True
    is_doubted: bool = False

    def among(self, actor: Actor) -> QuerySet[Rating]:
        """The rows it counted: of what is held against somebody, or of what is to be done."""
        rows = (held_ratings if self.is_held else visible_ratings)(actor).filter(self.condition)
        return rows.filter(from_above(actor)) if self.is_doubted else rows


def chosen_of(asked: Mapping[str, str], present: Present) -> Chosen | None:
    """Read `figure`, or `rate` with `of`; what nothing has narrows nothing."""
    figure, rate = RATING_FIGURES.get(asked.get("figure", "")), RATES.get(asked.get("rate", ""))
    if figure is not None:
        is_held, query = figure.key in HELD_FIGURES, {"figure": figure.key}
        return Chosen(figure.label, figure.definition, figure.condition(present), query, is_held, figure is DOUBTED)
    if rate is None:
        return None
    is_part = asked.get("of") != "whole"
    words = _("%(rate)s：分子") if is_part else _("%(rate)s：分母")
    condition = (rate.numerator if is_part else rate.denominator)(present)
    query = {"rate": rate.key, "of": "part" if is_part else "whole"}
    return Chosen(words % {"rate": rate.label}, rate.definition, condition, query)


def rate_lines(actor: Actor, present: Present) -> list[dict[str, Any]]:
    """Every rate over what is held against whom the actor watches or works for: one statement."""
    return [
        {
            "label": RATES[key].label,
            "definition": RATES[key].definition,
            "value": share(part, whole),
            "part": {"value": part, "url": address("ratings", rate=key, of="part")},
            "whole": {"value": whole, "url": address("ratings", rate=key, of="whole")},
        }
        for key, (part, whole) in rate_counts(actor, present).items()
    ]
