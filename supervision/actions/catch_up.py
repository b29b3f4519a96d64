"""What a night was missed, made up for: a server that was off at three o'clock still proves and anchors its ledger."""

from __future__ import annotations

from dataclasses import dataclass

from halls.domain.errors import Refused
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.actions.prove_lights import Proof, prove_lights
from supervision.actions.verify_ledger import Verdict, verify_and_keep
from supervision.models import Anchor
from supervision.selectors import read_watch


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What had to be done; nothing when the last night did its work."""

    verdict: Verdict | None = None
    mark: Anchor | None = None
    refusal: Refused | None = None
    proof: Proof | None = None


def catch_up() -> CaughtUp:
    """Verify and anchor the ledger and prove the dates where that is older than 26 hours.

    A refused anchor does not stop the verdict.
    """
    watch = read_watch()
    mark: Anchor | None = None
    refusal: Refused | None = None
    is_first = watch.anchor is None  # nothing to verify against yet: the anchor comes first
    verdict = None if watch.is_verified or is_first else verify_and_keep()
    if not watch.is_anchored:
        try:
            mark = anchor_ledger()
        except Refused as error:
            refusal = error
    if not watch.is_verified and is_first:
        verdict = verify_and_keep()
    return CaughtUp(verdict, mark, refusal, None if watch.is_proved else prove_lights())
