"""Who held a case at a moment: asked of the database, which knows it from events alone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from applications.models import Clock


class Held(NamedTuple):
    """The organ whose time a clock counted, and the step of the route at which that was; None: at none."""

    path: str
    step_seq: int | None


def held_at(clock: Clock, moment: datetime) -> Held:
    """Return who held the case then, as far as this clock counts it: what cards and accounts go by (1 statement)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT path, step FROM applications_held_at(%s, %s)", [clock.pk, moment])
        return Held(*cursor.fetchone())
