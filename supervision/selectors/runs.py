"""The runs of the sweep, newest first."""

from __future__ import annotations

from typing import Final

from supervision.models import SweepRun

SHOWN: Final = 60


def recent_runs() -> list[SweepRun]:
    """Return the last runs, broken ones included: one statement."""
    return list(SweepRun.objects.order_by("-started_at")[:SHOWN])
