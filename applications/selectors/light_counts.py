"""How many cases show which light."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Count, F, Func, TextField, Value

from applications.domain.lights import Colour
from applications.models import Application
from applications.selectors.lights import colour_condition
from halls.acting import Actor

SHOWN = (Colour.RED, Colour.YELLOW, Colour.GREEN, Colour.PAUSED, Colour.NONE)


def light_counts(actor: Actor, now: datetime) -> dict[str, Counter[str]]:
    """Return the open cases the actor sees by light, for each township they were filed in: one statement.

    What was filed in the county's own hall goes under "".
    """
    township = Func(F("path"), Value("/"), Value(2), function="split_part", output_field=TextField())
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
