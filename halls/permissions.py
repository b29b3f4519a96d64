"""Who may put their name under what holds for the whole county; asked by acts and by the pages that offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from halls.domain.duties import Duty
from halls.models import Hall, Level

if TYPE_CHECKING:
    from halls.acting import Actor


def may_sign(actor: Actor) -> bool:
    """Whether the actor administers or supervises the whole county."""
    roots = list(Hall.objects.filter(tier=Level.COUNTY, parent__isnull=True).values_list("path", flat=True))
    return any(actor.holds(duty, path) for duty in (Duty.ADMINISTER, Duty.SUPERVISE) for path in roots)
