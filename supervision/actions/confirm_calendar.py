"""The second signature on a calendar, and the cases brought behind it as far as one press waits for that."""

from __future__ import annotations

from halls.acting import Actor
from halls.actions.sign_calendar import confirm_notice
from supervision.actions.settle_calendar import Settled, settle_calendar


def confirm_calendar(notice_id: int, *, actor: Actor, reason: str, patience: float) -> Settled:
    """Sign, and then settle for so many seconds; the sweep does the rest.

    The signature is kept before anything is settled, and stays whatever becomes of that: no transaction is around
    the two. Raises what `confirm_notice` raises.
    """
    confirm_notice(notice_id, actor=actor, reason=reason)
    return settle_calendar(patience=patience)
