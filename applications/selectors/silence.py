"""Whether the law has accepted a case because nobody said a word in time."""

from __future__ import annotations

from datetime import datetime

from applications.domain.lifecycle import Status
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock


def is_accepted_by_silence(application: Application, now: datetime) -> bool:
    """Whether five working days passed since the receipt without acceptance or notice (行政许可法 §32(1)(4)).

    The only limit of a case at the window is that of acceptance, so the row's own date is its end.
    """
    late_at = application.late_at
    return application.status == Status.RECEIVED and late_at is not None and now > late_at


def counts_from(application: Application, now: datetime) -> datetime | None:
    """From when such a case counts as accepted; None while it does not (1 statement where it does)."""
    if not is_accepted_by_silence(application, now):
        return None
    clocks = Clock.objects.filter(application=application, kind=ClockKind.ACCEPTANCE, state=Clock.State.RUNNING)
    return clocks.values_list("started_at", flat=True).first()
