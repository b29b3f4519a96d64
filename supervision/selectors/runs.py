"""The runs of the sweep and of the nightly proof, newest first."""

from __future__ import annotations

from typing import Final

from supervision.models import ProofRun, SweepRun

SHOWN: Final = 60
PROOFS_SHOWN: Final = 14


def recent_runs() -> list[SweepRun]:
    """Return the last runs, broken ones included: one statement."""
    return list(SweepRun.objects.order_by("-started_at")[:SHOWN])


def recent_proofs() -> list[ProofRun]:
    """Return the proofs of the last nights: one statement."""
    return list(ProofRun.objects.order_by("-finished_at")[:PROOFS_SHOWN])
