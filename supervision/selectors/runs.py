"""The runs of the sweep and of the nightly proofs, and the anchors, newest first."""

from __future__ import annotations

from typing import Final

from supervision.models import Anchor, ProofRun, SweepRun

SHOWN: Final = 60
PROOFS_SHOWN: Final = 14


def recent_runs() -> list[SweepRun]:
    """Return the last runs, broken ones included: one statement."""
    return list(SweepRun.objects.order_by("-started_at")[:SHOWN])


def recent_proofs() -> list[ProofRun]:
    """Return the proofs of dates and lights of the last nights: one statement."""
    return list(ProofRun.objects.filter(kind=ProofRun.Kind.LIGHTS).order_by("-finished_at")[:PROOFS_SHOWN])


def recent_verifications() -> list[ProofRun]:
    """Return the verifications of the ledger and its anchors of the last nights: one statement."""
    return list(ProofRun.objects.filter(kind=ProofRun.Kind.LEDGER).order_by("-finished_at")[:PROOFS_SHOWN])


def recent_anchors() -> list[Anchor]:
    """Return the last anchors: one statement."""
    return list(Anchor.objects.order_by("-serial")[:PROOFS_SHOWN])
