from matters.models.draft import GuideDraft
from matters.models.local import HallMatter
from matters.models.matter import Matter, MatterVersion
from matters.models.parts import Condition, LegalBasis, Material, Step
from matters.models.timeout import TimeoutPolicy

__all__ = [
    "Condition",
    "GuideDraft",
    "HallMatter",
    "LegalBasis",
    "Material",
    "Matter",
    "MatterVersion",
    "Step",
    "TimeoutPolicy",
]
