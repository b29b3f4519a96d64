"""How many cases show which light."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Count, F, Func, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from applications.domain.lights import Colour
from applications.models import Application
from applications.selectors.lights import colour_condition
from halls.acting import Actor

SHOWN = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.PAUSED, Colour.NONE)


def light_counts(actor: Actor, now: datetime) -> dict[str, Counter[str]]:
    """Return the open cases the actor sees by light, for each township they were filed in: one statement.

    Keys are codes of halls: what was filed in the county's own hall goes under that.
    """
    township = Coalesce(NullIf(_part_of_path(2), Value("", TextField())), _part_of_path(1))
    rows = (
        Application.objects.visible_to(actor)
        .open()
        .order_by()
        .annotate(township=township)
        .values("township")
        .annotate(**{colour.value: Count("pk", filter=colour_condition(colour, now)) for colour in SHOWN})
    )
    found: dict[str, Counter[str]] = {}
    for row in rows.iterator():
        counts: dict[str, int] = dict(row)  # type: ignore[arg-type]
        found[row["township"]] = Counter({colour.value: counts[colour.value] for colour in SHOWN})
    return found


def _part_of_path(number: int) -> Func:
    return Func(F("path"), Value("/"), Value(number), function="split_part", output_field=TextField())
