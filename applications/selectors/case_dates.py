"""The dates of a case as they follow from its clocks; the act and its rehearsal derive them alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from applications.domain.lights import warned_from
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock

# The clocks whose state colours a row; the applicant's own clock and the special procedure do not.
LIGHT_KINDS: Final = (
    ClockKind.PRE_REVIEW,
    ClockKind.ACCEPTANCE,
    ClockKind.PROMISED,
    ClockKind.STATUTORY,
    ClockKind.STEP,
    ClockKind.DELIVERY,
)
# The columns of a clock that are derived from its facts, and those of them that people see.
DERIVED: Final = ("due_at", "is_provisional", "warn_at", "yellow_at", "red_at", "next_action_at")
DATES: Final = tuple(name for name in DERIVED if name != "next_action_at")


def project(application: Application, clocks: Iterable[Clock]) -> None:
    """Set the row's own dates, in memory, from its clocks, the latest of a kind last.

    A pause hides no breach: what was over before it stays the row's date. A date that leans on an unpublished
    year makes the row provisional, whichever clock gave it.
    """
    clocks = list(clocks)
    open_ones = [c for c in clocks if c.kind in LIGHT_KINDS and c.state != Clock.State.STOPPED]
    application.late_at = min((c.due_at for c in open_ones if c.due_at), default=None)
    running = [c for c in open_ones if c.state == Clock.State.RUNNING or application.late_at]
    warned = (warned_from(c.warn_at, c.yellow_at, c.due_at) for c in running)
    application.warn_at = min((at for at in warned if at), default=None)
    promised = [c for c in clocks if c.kind == ClockKind.PROMISED]
    if promised:
        application.due_at = promised[-1].due_at
    shown = [*promised[-1:], *(c for c in open_ones if c.due_at == application.late_at)]
    if shown:
        application.is_provisional = any(c.is_provisional for c in shown)
