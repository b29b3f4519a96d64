"""夜间核验: is every event what it was, and does the file of anchors bear it out? The answer stays."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from applications.selectors.ledger import Proof, prove_ledger
from halls.selectors.work_calendar import read_moment
from supervision.domain.anchors import FAULTS, AnchorFault
from supervision.models import ProofRun
from supervision.selectors.anchors import AnchorProof, prove_anchors

logger = logging.getLogger(__name__)

TOLD: Final = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one verification found, in the ledger and (if asked) in the anchors."""

    ledger: Proof
    anchors: AnchorProof | None

    @property
    def found(self) -> int:
        return self.ledger.found + (len(self.anchors.faults) if self.anchors else 0)

    def as_dict(self) -> dict[str, Any]:
        told = self.ledger.as_dict()
        if self.anchors is not None:
            told["faults"] += [told_fault(fault) for fault in self.anchors.faults]
            told["anchors"] = self.anchors.as_dict()
        return told | {"faults_found": self.found}


def told_fault(fault: AnchorFault) -> dict[str, Any]:
    """Return a fault of an anchor as the command and the page print it."""
    return {
        "anchor": fault.serial or None,
        "table": fault.table,
        "after": fault.after,
        "to": fault.to,
        "fault": f"anchor_{fault.code}",
        "message": FAULTS[fault.code],
    }


def verify_ledger(*, with_anchors: bool, file: Path | None = None, printed: str = "") -> Verdict:
    """Prove the chains, the projections and, when asked, the anchors. Changes nothing."""
    ledger = prove_ledger()
    return Verdict(ledger, prove_anchors(file, printed=printed) if with_anchors else None)


def verify_and_keep() -> Verdict:
    """Verify everything and keep the verdict, append-only: supervisors see it until a later night is clean."""
    started = read_moment().at
    verdict = verify_ledger(with_anchors=True)
    _keep(verdict, started)
    return verdict


def _keep(verdict: Verdict, started: datetime) -> None:
    ProofRun.objects.create(
        kind=ProofRun.Kind.LEDGER,
        started_at=started,
        finished_at=read_moment().at,
        cases=verdict.ledger.applications,
        events=verdict.ledger.events,
        differences=verdict.found,
        found=verdict.as_dict()["faults"][:TOLD],
    )
    level = logging.ERROR if verdict.found else logging.INFO
    logger.log(level, "ledger_verified events=%d faults=%d", verdict.ledger.events, verdict.found)
