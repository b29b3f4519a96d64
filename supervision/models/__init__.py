from supervision.models.anchor import Anchor
from supervision.models.limit_warning import LimitWarning
from supervision.models.proof_run import ProofRun
from supervision.models.sweep_run import SweepRun

__all__ = ["Anchor", "LimitWarning", "ProofRun", "SweepRun"]
