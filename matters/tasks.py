"""What Celery beat asks of the catalogue. A task may run twice, late, or not at all: the next night finds the work."""

from __future__ import annotations

from celery import shared_task

from matters.actions import lint_catalogue as linting


@shared_task(name="matters.tasks.lint_catalogue")
def lint_catalogue() -> None:
    """Bring the reports of the linter up to date with the day's changes, with the rules of the code and of timeouts."""
    linting.lint_catalogue()
