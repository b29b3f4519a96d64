"""What Celery beat asks of the catalogue."""

from __future__ import annotations

from celery import shared_task

from matters.actions import publish_due as publishing


@shared_task(name="matters.tasks.publish_due")
def publish_due() -> None:
    """Publish the guides whose day has come; a tick that was missed is made up by the next one."""
    publishing.publish_due()
