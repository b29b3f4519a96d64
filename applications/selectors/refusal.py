"""Whether a case was decided against: from there on nothing of its route is done but the delivery of that decision."""

from __future__ import annotations

from collections.abc import Iterable

from applications.domain.lifecycle import Status, Verb
from applications.models import Application, ApplicationStep


def refused_at(application: Application, steps: Iterable[ApplicationStep]) -> int | None:
    """Return the number of the step that decided against the applicant; None for every other case.

    One statement for a case that was delivered, none for any other.
    """
    if not _was_refused(application):
        return None
    return next((step.seq for step in steps if step.is_final_decision), None)


def _was_refused(application: Application) -> bool:
    if application.status == Status.DELIVERED:
        return application.events.filter(verb=Verb.REFUSE).exists()
    return application.status == Status.REFUSED
