"""What Celery beat asks of the catalogue. A task may run twice, late, or not at all: the next one finds the work."""

from __future__ import annotations

from celery import shared_task

from matters.actions import compare_guides as comparing
from matters.actions import lint_catalogue as linting
from matters.actions import publish_due as publishing


@shared_task(name="matters.tasks.publish_due")
def publish_due() -> None:
    """Publish the guides whose day has come; a tick that was missed is made up by the next one."""
    publishing.publish_due()


@shared_task(name="matters.tasks.lint_catalogue")
def lint_catalogue() -> None:
    """Bring the reports of the linter up to date with the day's changes, with the rules of the code and of timeouts."""
    linting.lint_catalogue()


@shared_task(name="matters.tasks.check_sameness")
def check_sameness() -> None:
    """Compare the guides of the same matters, and the halls with them; the report is kept and shown (八统一)."""
    comparing.compare_guides()
