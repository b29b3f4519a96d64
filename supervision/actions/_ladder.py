"""Which steps of the ladder a rung has, for whoever tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from supervision.models import LadderStep

Audience = LadderStep.Audience
OF_VILLAGER: Final = (Audience.FILING_CLERK, Audience.APPLICANT)


class Untellable(Exception):  # noqa: N818 - a reason, kept with what waits until somebody mends it
    """Something that nobody can be told of now."""


def steps_of(ladder: Iterable[LadderStep], level: str, clock_kind: str) -> list[LadderStep]:
    """Return the steps of this level: those of the clock if it has any, else those of every clock.

    Raises Untellable when no ladder was loaded; a level without steps is one at which nobody is to be told.
    """
    steps = list(ladder)
    if not steps:
        raise Untellable("no_ladder")
    own = [step for step in steps if step.level == level and step.clock_kind == clock_kind]
    return own or [step for step in steps if step.level == level and not step.clock_kind]
