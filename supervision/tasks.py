"""What Celery beat asks of the watch. Every task may run twice, late, or not at all: the next one finds the work."""

from __future__ import annotations

from celery import shared_task

from supervision.actions import sweep as sweeping
from supervision.actions.prove_lights import prove_lights


@shared_task(name="supervision.tasks.sweep")
def sweep() -> None:
    """Claim what is due until nothing is."""
    sweeping.sweep_unless_running()


@shared_task(name="supervision.tasks.prove")
def prove() -> None:
    """Prove the dates and lights of the night; differences are logged, kept and shown to supervisors."""
    prove_lights()
