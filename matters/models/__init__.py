from matters.models.draft import GuideDraft
from matters.models.lint import LintReport
from matters.models.matter import Matter, MatterVersion
from matters.models.parts import Condition, LegalBasis, Material, Step
from matters.models.timeout import TimeoutPolicy

__all__ = [
    "Condition",
    "GuideDraft",
    "LegalBasis",
    "LintReport",
    "Material",
    "Matter",
    "MatterVersion",
    "Step",
    "TimeoutPolicy",
]
