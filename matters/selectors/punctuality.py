"""Changes of guides against the one working day they have (依据调整后一个工作日内调整到位)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist

from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from matters.domain.punctuality import Punctuality, punctuality
from matters.models import GuideDraft, MatterVersion


def change_punctuality(change: MatterVersion | GuideDraft, moment: Moment) -> Punctuality | None:
    """Return how a version or a draft stands, None where no order is known.

    What counts is the approval: a guide that waits for its day is in the system. At most 1 query, for a version
    whose draft is not loaded.
    """
    if change.ordered_on is None:
        return None
    entered_at = change.approved_at if isinstance(change, GuideDraft) else _entered_at(change)
    entered_on = day_of(entered_at) if entered_at is not None else None
    return punctuality(change.ordered_on, entered_on, day_of(moment.at), moment.calendar)


def _entered_at(version: MatterVersion) -> datetime:
    """An imported version has no draft: it was in the system when it was published."""
    try:
        return version.draft.approved_at or version.published_at
    except ObjectDoesNotExist:
        return version.published_at
