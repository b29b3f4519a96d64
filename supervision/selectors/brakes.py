"""Whether the brake on default actions is on, and who let go last."""

from __future__ import annotations

from datetime import datetime

from halls.models import Hall, Level
from supervision.models import Brake, SweepRun


def open_brake() -> Brake | None:
    """Return the brake that holds default actions back now (1 statement)."""
    return Brake.objects.filter(released_at__isnull=True).first()


def last_release() -> datetime | None:
    """Return when somebody last let go (1 statement)."""
    rows = Brake.objects.filter(released_at__isnull=False).order_by("-released_at")
    return rows.values_list("released_at", flat=True).first()


def last_finished(before: datetime) -> datetime | None:
    """Return when the last sweep before this moment was done (1 statement)."""
    rows = SweepRun.objects.filter(finished_at__lte=before).order_by("-finished_at")
    return rows.values_list("finished_at", flat=True).first()


def brakes() -> list[Brake]:
    """Return the last brakes, the newest first (1 statement)."""
    return list(Brake.objects.order_by("-tripped_at", "-pk")[:30])


def county_roots() -> list[str]:
    """Return the paths of the counties' own halls (1 statement)."""
    return list(Hall.objects.filter(tier=Level.COUNTY, parent__isnull=True).values_list("path", flat=True))
