"""Whether the law already counts a renewal as granted (行政许可法 §50(2)): the chain of events says so."""

from __future__ import annotations

from applications.domain.lifecycle import Verb
from applications.models import Application, Event


def was_deemed_renewed(application: Application) -> bool:
    """Ask the chain; of what renews no permit without a statement."""
    if application.permit_expires_on is None:
        return False
    return Event.objects.filter(application=application, verb=Verb.DEEM_RENEWED).exists()
